"""Interviews held with the scripted model, written to a log as the services would."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from mesh_agent.interviewer import Interviewer
from meshcore.domain.commit import Commit
from meshcore.domain.events import (
    CampaignCreated,
    CampaignLaunched,
    Event,
    MessageReceived,
    MessageSent,
    MessageSuppressed,
    ParticipantsEnrolled,
    SendStarted,
)
from meshcore.domain.participant import conversation_id
from meshcore.ids import new_id
from meshcore.log import subjects
from meshcore.log.event_log import EventLog
from meshcore.log.subjects import ConversationRef, Lane
from mesheval.chosen_model import chosen_model
from mesheval.evaluation import plan
from mesheval.interview import START, Interview, hold
from mesheval.study import default_campaign, default_study

STUDY = default_campaign()
_PEOPLE = ("cooperative", "terse", "refuses", "leaves", "multilingual", "silent")


async def interviews() -> list[Interview]:
    """One with each kind of person; the silent one never answers."""
    study = default_study().campaign()
    sittings = plan(study, interviews=len(_PEOPLE), personas=_PEOPLE)
    async with chosen_model({}) as model:
        interviewer = Interviewer(model.model)
        profiles = [replace(s.profile, phone=new_id().replace("-", "")) for s in sittings]
        return [await hold(study, profile, interviewer) for profile in profiles]


async def write(log: EventLog, held: list[Interview]) -> str:
    """Writes a campaign with these interviews; returns its id."""
    campaign, people = new_id(), tuple(each.profile.phone for each in held)
    for event in (
        CampaignCreated.model_validate(STUDY),
        ParticipantsEnrolled(participants=people),
        CampaignLaunched(),
    ):
        await log.append(subjects.campaign(campaign), _commit((event,)))
    for each in held:
        ref = ConversationRef(campaign, conversation_id(campaign, each.profile.phone))
        for stamp, entries in groupby(each.log, key=lambda entry: entry[0]):
            events = tuple(event for _, event in entries)
            commit = replace(_commit(events), at=stamp.at)
            await log.append(subjects.lane(ref, _lane(events[0])), commit)
    return campaign


def _commit(events: tuple[Event, ...]) -> Commit:
    commit = new_id()
    return Commit(commit, START, events, commit)


def _lane(event: Event) -> Lane:
    if isinstance(event, MessageReceived):
        return Lane.IN
    out = isinstance(event, SendStarted | MessageSent | MessageSuppressed)
    return Lane.OUT if out else Lane.TURN
