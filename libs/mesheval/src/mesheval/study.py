"""What is to be found out in simulated interviews."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import resources
from typing import Any

from meshcore.domain import campaign
from meshcore.domain.campaign import Campaign
from meshcore.domain.commit import Stamp
from meshcore.domain.events import CampaignCreated

_CREATED = Stamp(1, datetime(2026, 1, 12, tzinfo=UTC))


class UnusableFileError(Exception):
    """A file is not what it should be. The message says where, why, and what to do about it."""


@dataclass(frozen=True, slots=True)
class Study:
    """A campaign that may never be created.

    Attributes:
        created: what a researcher says about it.
        participants: how many people it is meant for.
    """

    created: CampaignCreated
    participants: int = 0

    def campaign(self, turns: int | None = None) -> Campaign:
        """The campaign as the agent knows it.

        Args:
            turns: replaces the limit of turns per interview.
        """
        known = campaign.evolve(Campaign(id="simulated"), self.created, _CREATED)
        if turns is None:
            return known
        return replace(known, limits=known.limits.model_copy(update={"turns": turns}))


def default_campaign() -> dict[str, Any]:
    """The gas-station study as a researcher would send it."""
    text = resources.files("mesheval").joinpath("campaigns/gas_station.json").read_text("utf-8")
    campaign: dict[str, Any] = json.loads(text)
    return campaign


def default_study() -> Study:
    """The gas-station study."""
    return Study(CampaignCreated.model_validate(default_campaign()))
