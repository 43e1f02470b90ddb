"""Lists of participants as researchers send them: checked, normalised, and each kept once.

Checking one takes some 60 us, so that long lists are worked off in slices, with webhooks taken in
between. A thread would not help: it holds the interpreter for 5 ms at a time.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import ValidationError

from mesh_ingress.bodies import PHONE, Given, in_slices
from mesh_ingress.reasons import FieldError, errors_of
from mesh_ingress.requests import GivenParticipant
from mesh_ingress.studies import MAX_RENDERED, is_timezone
from meshcore.domain.participant import PREFIX, AddressError, locate_phone
from meshcore.domain.quotas import cell_of_attribute
from meshcore.domain.study import Opening, personal, referred, rendered

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from meshcore.domain.campaign import Campaign
    from meshcore.domain.events import CampaignCreated
    from meshcore.domain.outreach import Quota

MAX_ROWS = 200_000
_FIX_PHONE = "write it in international form, for instance +971501234567"
_FIX_ATTRIBUTE = "tell it of each participant: in attributes, or in a column of the file"


@dataclass(frozen=True, slots=True)
class Listed:
    """Somebody on a list, checked.

    `timezone` is None where it is the campaign's; `cell` is that of the campaign's quota.
    """

    address: str
    language: str | None = None
    timezone: str | None = None
    cell: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class ParticipantList:
    """What a list holds.

    Attributes:
        people: everybody with a usable entry, each once, by address.
        duplicates_merged: how many more times any of them was named; the first counts.
        errors: what is wrong with the other entries.
    """

    people: dict[str, Listed] = field(default_factory=dict)
    duplicates_merged: int = 0
    errors: list[FieldError] = field(default_factory=list)


class Rules:
    """What a campaign asks of its participants' entries."""

    def __init__(
        self, timezone: str = "UTC", texts: Iterable[Opening] = (), quota: Quota | None = None
    ) -> None:
        self._timezone = timezone
        self._quota = quota
        self._texts = [text for text in texts if text.template and referred(text.template)]
        by_texts = (referred(text.template) for text in self._texts if text.template)
        by_quota = {quota.attribute} if quota and quota.attribute else set[str]()
        self._needed = sorted(set[str]().union(by_quota, *by_texts))

    @classmethod
    def of(cls, campaign: Campaign | CampaignCreated) -> Rules:
        """The rules of a campaign."""
        outreach = campaign.outreach
        reminders = [
            Opening(text=reminder.text, template=reminder.template)
            for reminder in outreach.reminders
            if reminder.text
        ]
        opening = [campaign.opening] if campaign.opening else []
        return cls(campaign.timezone, [*opening, *reminders], outreach.quota)

    def wrong_with(self, attributes: Mapping[str, str]) -> tuple[str, str] | None:
        """What the campaign cannot do with these attributes, and the fix; None if it can."""
        if missing := [name for name in self._needed if not attributes.get(name)]:
            return f"lacks {', '.join(missing)}, to which the campaign refers", _FIX_ATTRIBUTE
        if any(len(_read(text, attributes)) > MAX_RENDERED for text in self._texts):
            return f"makes a message of more than {MAX_RENDERED} characters", "shorten its values"
        return None

    def timezone_of(self, zones: tuple[str, ...]) -> str | None:
        """The zone of somebody who may be in any of these; None for the campaign's.

        Of several it is the campaign's, if that is among them, or else the first.
        """
        known = _known(zones)
        return known[0] if known and self._timezone not in known else None

    def cell_of(self, attributes: Mapping[str, str]) -> str | None:
        """The cell of the quota, if the participant's value has a target."""
        name = self._quota.attribute if self._quota else None
        return cell_of_attribute(self._quota, attributes.get(name)) if name else None


async def read_list(given: Iterable[Given | FieldError], rules: Rules) -> ParticipantList:
    """Reads a list to its end, whatever is wrong with it."""
    found, count = ParticipantList(), 0
    async for entry in in_slices(given):
        count += 1
        if count > MAX_ROWS:
            reason = f"there are more than {MAX_ROWS:,} entries, and the rest was not read"
            found.errors.append(FieldError("body", reason, "split the list"))
            break
        match entry:
            case FieldError():
                found.errors.append(entry)
            case Given():
                _take(found, entry, rules)
    return found


def _take(found: ParticipantList, given: Given, rules: Rules) -> None:
    listed = _listed(given, rules)
    if isinstance(listed, list):
        found.errors += listed
    elif listed.address in found.people:
        found.duplicates_merged += 1
    else:
        found.people[listed.address] = listed


def _listed(given: Given, rules: Rules) -> Listed | list[FieldError]:
    try:
        told = GivenParticipant.model_validate(given.fields)
    except ValidationError as error:
        found = errors_of(error.errors(include_input=False, include_url=False))
        return [given.error(_part(each), each.reason, each.fix) for each in found]
    try:
        phone, zones = locate_phone(told.phone)
    except AddressError as error:
        return [given.error(PHONE, str(error), _FIX_PHONE)]
    attributes = {sys.intern(name): value for name, value in told.attributes.items() if value}
    if wrong := rules.wrong_with(attributes):
        return [given.error("", *wrong)]
    return Listed(
        PREFIX + phone,
        sys.intern(told.language) if told.language else None,
        rules.timezone_of((told.timezone,) if told.timezone else zones),
        rules.cell_of(attributes),
        attributes or _NOTHING,
    )


def _part(error: FieldError) -> str:
    """The part that is wrong; a name that is none is not repeated."""
    return "attributes" if error.field.endswith(".[key]") else error.field


_NOTHING: Mapping[str, str] = {}


def _read(text: Opening, attributes: Mapping[str, str]) -> str:
    """What a participant with these attributes reads."""
    template = text.template and personal(text.template, attributes)
    return rendered(Opening.model_construct(text=text.text, template=template))


@lru_cache(maxsize=1_000)
def _known(zones: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(zone for zone in zones if is_timezone(zone))
