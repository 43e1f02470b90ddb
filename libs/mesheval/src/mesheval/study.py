"""What is to be found out in simulated interviews."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import resources

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


def default_study() -> Study:
    """The gas-station study."""
    text = resources.files("mesheval").joinpath("campaigns/gas_station.json").read_text("utf-8")
    return Study(CampaignCreated.model_validate_json(text))
