"""Targets: how many completed interviews a campaign wants, and when it has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from meshcore.domain.events import OpeningsClosed

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from meshcore.domain.outreach import Outreach, Quota
    from meshcore.domain.schema import Value


@dataclass(frozen=True, slots=True)
class Completes:
    """How many interviews of a campaign are completed.

    Attributes:
        total: all of them.
        cells: by cell of the quota, as far as cells have a target.
    """

    total: int = 0
    cells: Mapping[str, int] = field(default_factory=dict)


def has_targets(outreach: Outreach) -> bool:
    """Whether completed interviews can close the campaign's openings."""
    return outreach.target_completes is not None or outreach.quota is not None


def cell_of_attribute(quota: Quota | None, value: str | None) -> str | None:
    """The cell in which a participant with this value of the quota's attribute counts.

    None if the value has no target.
    """
    return value if quota and quota.attribute and value in quota.targets else None


def cell_of_values(quota: Quota | None, values: Mapping[str, Value]) -> str | None:
    """The cell in which an interview with these values counts, if the quota is one of a field."""
    if quota is None or quota.field is None or quota.field not in values:
        return None
    cell = cell_name(values[quota.field])
    return cell if cell in quota.targets else None


def cell_name(value: Value) -> str:
    """A field's value as targets name it: true, 7, Dubai; of a list, its items with commas."""
    match value:
        case bool():
            return "true" if value else "false"
        case tuple():
            return ", ".join(value)
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def closings(
    outreach: Outreach, completes: Completes, *, closed: bool, closed_cells: AbstractSet[str]
) -> list[OpeningsClosed]:
    """What is to be closed now and is not closed yet.

    Everything, once the target of the campaign or all targets of a field's values are reached: a
    field's value is not known before the interview. A cell of an attribute, once its own is.
    """
    if closed:
        return []
    quota = outreach.quota
    full = [cell for cell, wanted in _targets(quota) if completes.cells.get(cell, 0) >= wanted]
    target = outreach.target_completes
    if target is not None and completes.total >= target:
        return [OpeningsClosed()]
    if quota and quota.field:
        return [OpeningsClosed()] if len(full) == len(quota.targets) else []
    return [OpeningsClosed(cell=cell) for cell in full if cell not in closed_cells]


def _targets(quota: Quota | None) -> list[tuple[str, int]]:
    return list(quota.targets.items()) if quota else []
