"""How a simulated interview is held: the agent's decisions, with nothing between."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mesh_agent.interviewer import Interviewer
from meshcore.domain.conversation import SendStatus
from meshcore.domain.events import EndReason, MessageKind, OptOutSource
from meshcore.domain.study import Limits, Opening
from meshcore.errors import ModelError
from mesheval.counting import sent_messages, tally
from mesheval.hard_rules import broken
from mesheval.interview import Chat, Interview, hold
from meshsim.participants import Profile, make_profile
from meshsim.persona import Left
from tests.agent.scripted_model import Scripted, ScriptedModel, says
from tests.eval.planted import CAMPAIGN

FIXED = replace(CAMPAIGN, opening=Opening(text="Hi! You can stop at any time. How old are you?"))
GO_ON = {**says("I see. What would make you switch to a new station?"), "asked": "switch_reason"}


def somebody(personality: str, number: int = 1) -> Profile:
    """A participant who knows what the study asks."""
    return make_profile(
        f"+97150{number:07d}",
        seed=1,
        personality=personality,
        schema=CAMPAIGN.extraction_schema,
    )


def end(outcome: str, quote: str, message: int) -> dict[str, Any]:
    """The model ends the interview because of somebody's words."""
    goodbye = says("Thank you for your time, take care!", outcome)
    return {**goodbye, "because": {"quote": quote, "message": message}}


async def held(profile: Profile, *answers: Scripted) -> Interview:
    """The interview that these answers of a model make."""
    return await hold(FIXED, profile, Interviewer(ScriptedModel(*answers)))


async def test_an_interview_that_never_ends_by_itself_ends_with_its_budget() -> None:
    """A model that always goes on is stopped, and it is no natural ending."""
    short = replace(FIXED, limits=Limits(turns=4))
    done = await hold(short, somebody("cooperative"), Interviewer(ScriptedModel(GO_ON)))
    found = tally(done)
    assert done.state.ended
    assert done.state.turns <= 6
    assert HARD_ENDING not in broken(found)


HARD_ENDING = "an interview did not end"


async def test_a_keyword_is_obeyed_without_the_model() -> None:
    """Whoever writes stop gets one goodbye, and nothing for what they write after it."""
    number = next(n for n in range(50) if _writes_afterwards(somebody("stops", n)))
    done = await held(somebody("stops", number), GO_ON)
    assert done.memory.left is Left.STOP
    assert done.state.end_reason is EndReason.OPTED_OUT
    assert [m.kind for m in sent_messages(done)][-1] is MessageKind.GOODBYE
    assert done.state.messages[-1].sender == "participant"
    assert tally(done).sent_after_opt_out == 0


def _writes_afterwards(profile: Profile) -> bool:
    from meshsim.participants import Memory, after_the_end  # noqa: PLC0415 - of this only

    return after_the_end(profile, Memory(left=Left.STOP)) is not None


async def test_plain_words_are_read_as_ingress_reads_them() -> None:
    """A plain request to stop is known before any model sees it."""
    chat = Chat(FIXED, somebody("cooperative"), Interviewer(ScriptedModel(GO_ON)))
    await chat.open()
    for text, source in (
        ("STOP!", OptOutSource.KEYWORD),
        ("please stop messaging me", OptOutSource.PHRASE),
        ("we have got to STOP this bill", None),
    ):
        chat.hear(text)
        assert chat.state.messages[-1].opt_out is source


async def test_what_follows_an_end_does_not_restart_the_interview() -> None:
    """One courtesy at most, and the reason of the end stays."""
    chat = Chat(FIXED, somebody("cooperative"), Interviewer(ScriptedModel(GO_ON)))
    await chat.open()
    chat.hear("I am not interested, sorry.")
    chat._interviewer = Interviewer(
        ScriptedModel(end("declined", "I am not interested", 2), says("You're welcome!"))
    )
    await chat.answer()
    assert chat.state.end_reason is EndReason.DECLINED
    for words in ("Thanks, bye!", "and have a nice day", "!"):
        chat.hear(words)
        await chat.answer()
    kinds = [m.kind for m in sent_messages(chat.told())]
    assert kinds.count(MessageKind.COURTESY) <= 1
    assert kinds.count(MessageKind.GOODBYE) == 1
    assert chat.state.end_reason is EndReason.DECLINED


async def test_a_model_that_fails_is_noted_and_not_raised() -> None:
    """One broken interview does not cost the others; it did not end."""
    done = await held(somebody("terse"), ModelError("HTTP 400"))
    assert done.failure
    assert "HTTP 400" in done.failure
    assert broken(tally(done)) == {HARD_ENDING: 1}


async def test_a_model_that_is_out_for_a_while_is_asked_again() -> None:
    """A wake-up comes again too; only what keeps failing breaks an interview off."""
    outage = ModelError("HTTP 503")
    outage.retryable = True
    short = replace(FIXED, limits=Limits(turns=3))
    for outages, failed in ((1, False), (2, True)):
        model = ScriptedModel(*[outage] * outages, GO_ON)
        done = await hold(short, somebody("terse"), Interviewer(model))
        assert bool(done.failure) is failed
        assert done.state.ended is not failed


async def test_who_never_answers_is_left_alone() -> None:
    """Their interview stays open: somebody may still answer."""
    done = await held(somebody("silent"), GO_ON)
    assert done.unanswered
    assert [m.status for m in done.state.messages] == [SendStatus.ACCEPTED]


@pytest.mark.parametrize("personality", ["cooperative", "contradicting"])
async def test_the_truth_is_what_was_told_last_in_all_its_forms(personality: str) -> None:
    """Of a fact any form will do; of a mistake that was never taken back only itself."""
    profile = somebody(personality)
    stop_at_once = says("Thanks for your time, take care!", "complete")
    short = replace(FIXED, limits=Limits(turns=1))
    done = await hold(short, profile, Interviewer(ScriptedModel(stop_at_once)))
    fact = profile.fact("age_range")
    assert fact
    told = done.truths["age_range"]
    assert told == ((fact.wrong,) if personality == "contradicting" else (*_forms(profile),))


def _forms(profile: Profile) -> tuple[str, ...]:
    fact = profile.fact("age_range")
    assert fact
    return (fact.value, fact.answer, fact.short, *fact.also)


async def test_the_clock_is_simulated() -> None:
    """Hours pass in the log, none at the desk."""
    done = await hold(
        replace(FIXED, limits=Limits(turns=3)),
        somebody("terse"),
        Interviewer(ScriptedModel(GO_ON)),
    )
    times = [stamp.at for stamp, _ in done.log]
    assert times == sorted(times)
    assert len(set(times)) > 3
