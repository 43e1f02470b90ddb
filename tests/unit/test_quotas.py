"""A target that is reached closes the openings, once."""

from __future__ import annotations

import pytest

from meshcore.domain.events import OpeningsClosed
from meshcore.domain.outreach import Outreach, Quota
from meshcore.domain.quotas import (
    Completes,
    cell_name,
    cell_of_attribute,
    cell_of_values,
    closings,
    has_targets,
)
from meshcore.domain.schema import Value

BY_CITY = Quota(attribute="city", targets={"Dubai": 2, "Sharjah": 1, "Ajman": 0})
BY_FUEL = Quota(field="fuel", targets={"petrol": 2, "diesel": 1})


def _closed_by(
    outreach: Outreach, completes: Completes, *closed: str, all_closed: bool = False
) -> list[str | None]:
    found = closings(outreach, completes, closed=all_closed, closed_cells=frozenset(closed))
    assert all(isinstance(event, OpeningsClosed) for event in found)
    return [event.cell for event in found]


@pytest.mark.parametrize(("total", "closed"), [(0, []), (2, []), (3, [None]), (4, [None])])
def test_the_campaigns_target_closes_everything(total: int, closed: list[str | None]) -> None:
    """Neither before it is reached, nor only when it is met exactly."""
    assert _closed_by(Outreach(target_completes=3), Completes(total)) == closed


def test_a_full_cell_is_closed_for_itself() -> None:
    """A target of nothing is reached at once; what is closed stays so without a word."""
    outreach = Outreach(quota=BY_CITY)
    assert _closed_by(outreach, Completes()) == ["Ajman"]
    full = Completes(5, {"Dubai": 2, "Sharjah": 0})
    assert _closed_by(outreach, full) == ["Dubai", "Ajman"]
    assert _closed_by(outreach, full, "Ajman") == ["Dubai"]
    assert _closed_by(outreach, full, "Ajman", "Dubai") == []


def test_the_target_of_the_campaign_comes_before_those_of_the_cells() -> None:
    """One word closes everything."""
    outreach = Outreach(target_completes=1, quota=BY_CITY)
    assert _closed_by(outreach, Completes(1, {"Sharjah": 1})) == [None]


def test_a_fields_quota_closes_once_all_its_targets_are_reached() -> None:
    """Nobody knows beforehand what a participant will say."""
    outreach = Outreach(quota=BY_FUEL)
    assert _closed_by(outreach, Completes(9, {"petrol": 9})) == []
    assert _closed_by(outreach, Completes(10, {"petrol": 9, "diesel": 1})) == [None]


def test_nothing_is_closed_twice() -> None:
    """Whatever the counts say."""
    outreach = Outreach(target_completes=1, quota=BY_FUEL)
    assert _closed_by(outreach, Completes(9, {"petrol": 9, "diesel": 9}), all_closed=True) == []


def test_a_campaign_without_targets_never_closes() -> None:
    """However many interviews are completed."""
    assert _closed_by(Outreach(), Completes(1_000_000)) == []
    assert not has_targets(Outreach())
    assert has_targets(Outreach(target_completes=1))
    assert has_targets(Outreach(quota=BY_CITY))


def test_only_values_with_a_target_make_a_cell() -> None:
    """A quota is one of an attribute or one of a field."""
    assert cell_of_attribute(BY_CITY, "Dubai") == "Dubai"
    assert cell_of_attribute(BY_CITY, "Fujairah") is None
    assert cell_of_attribute(BY_CITY, None) is None
    assert cell_of_attribute(BY_FUEL, "petrol") is None
    assert cell_of_attribute(None, "Dubai") is None
    assert cell_of_values(BY_FUEL, {"fuel": "diesel"}) == "diesel"
    assert cell_of_values(BY_FUEL, {"fuel": "hope"}) is None
    assert cell_of_values(BY_FUEL, {}) is None
    assert cell_of_values(BY_CITY, {"city": "Dubai"}) is None
    assert cell_of_values(None, {"fuel": "diesel"}) is None


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (True, "true"), (False, "false"), (7, "7"), (7.0, "7"), (7.5, "7.5"),
        ("ADNOC", "ADNOC"), (("a", "b"), "a, b"),
    ],
)  # fmt: skip
def test_a_value_of_any_type_has_a_name(value: Value, name: str) -> None:
    """As a researcher writes it as the key of a target."""
    assert cell_name(value) == name
