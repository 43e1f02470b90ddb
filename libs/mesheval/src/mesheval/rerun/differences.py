"""What differs between what the log has and what came out now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from meshcore.domain.conversation import Extraction
from meshcore.domain.events import FieldState
from meshcore.domain.schema import FieldSpec, Value
from meshcore.domain.usage import Usage
from mesheval.rerun.again import Rerun, Turn
from mesheval.values import is_true

Schema = Mapping[str, FieldSpec]


class Difference(StrEnum):
    """How what was found now stands to what was recorded."""

    SAME = "same"
    CHANGED = "changed"
    NEW = "new"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Compared:
    """One field of one conversation that was settled then or is now."""

    field: str
    recorded: Extraction | None
    now: Extraction | None
    difference: Difference


@dataclass(frozen=True, slots=True)
class FieldCounts:
    """One field over all conversations: how often it was settled, and what differs.

    Settled is a field with a value, and one that was vague or refused.

    Attributes:
        comparable: whether the field was in the schema then and is now.
    """

    field: str
    comparable: bool
    same: int = 0
    changed: int = 0
    new: int = 0
    lost: int = 0

    @property
    def recorded(self) -> int:
        """Settled on the log."""
        return self.same + self.changed + self.lost

    @property
    def now(self) -> int:
        """Settled now."""
        return self.same + self.changed + self.new

    @property
    def precision(self) -> float | None:
        """Of what was found now, the share that is as recorded; None of nothing."""
        return self.same / self.now if self.comparable and self.now else None

    @property
    def recall(self) -> float | None:
        """Of what was recorded, the share that was found again; None of nothing."""
        return self.same / self.recorded if self.comparable and self.recorded else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of all conversations.

    Attributes:
        conversations: how many were run again to their end.
        failed: how many broke off; they are not counted further.
        fields: those of both schemas.
        turns: decisions of the agent that were made again.
        other_words: those in which it would say something else.
        other_ends: those in which it would end the interview otherwise, or not.
        usage: what the model took, broken-off conversations included.
        recorded_usage: what the same decisions took by the log.
    """

    conversations: int = 0
    failed: int = 0
    fields: tuple[FieldCounts, ...] = ()
    turns: int = 0
    other_words: int = 0
    other_ends: int = 0
    usage: Usage = field(default_factory=Usage)
    recorded_usage: Usage = field(default_factory=Usage)

    @property
    def total(self) -> FieldCounts:
        """The fields that can be compared, together."""
        common = [each for each in self.fields if each.comparable]
        return FieldCounts(
            "fields of both",
            comparable=True,
            same=sum(each.same for each in common),
            changed=sum(each.changed for each in common),
            new=sum(each.new for each in common),
            lost=sum(each.lost for each in common),
        )


def compared(rerun: Rerun, before: Schema, after: Schema) -> list[Compared]:
    """Every field of a conversation that was settled then or is now, in the schemas' order."""
    found = []
    for name in {**before, **after}:
        recorded, now = rerun.recorded.get(name), rerun.now.get(name)
        if recorded or now:
            spec = after.get(name) or before[name]
            found.append(Compared(name, recorded, now, _difference(spec, recorded, now)))
    return found


def outcome(reruns: Sequence[Rerun], before: Schema, after: Schema) -> Outcome:
    """The counts over all conversations that were run again."""
    whole = [rerun for rerun in reruns if rerun.failure is None]
    differences = [one for rerun in whole for one in compared(rerun, before, after)]
    turns = [turn for rerun in whole for turn in rerun.turns]
    return Outcome(
        conversations=len(whole),
        failed=len(reruns) - len(whole),
        fields=tuple(
            _counts(name, differences, comparable=name in before and name in after)
            for name in {**before, **after}
        ),
        turns=len(turns),
        other_words=sum(says_otherwise(turn) for turn in turns),
        other_ends=sum(turn.now.end is not turn.recorded.end for turn in turns),
        usage=total_usage(rerun.usage for rerun in reruns),
        recorded_usage=total_usage(rerun.recorded_usage for rerun in reruns),
    )


def says_otherwise(turn: Turn) -> bool:
    """Whether the agent would not say the same words."""
    return turn.now.text != turn.recorded.text


def total_usage(usages: Iterable[Usage]) -> Usage:
    """All of them together; what they cost is known as far as prices are."""
    some = list(usages)
    costs = [usage.cost_usd for usage in some if usage.cost_usd is not None]
    return Usage(
        sum(usage.input_tokens for usage in some),
        sum(usage.output_tokens for usage in some),
        sum(costs) if costs else None,
        sum(usage.unpriced for usage in some),
    )


def _counts(name: str, differences: Sequence[Compared], *, comparable: bool) -> FieldCounts:
    mine = [one.difference for one in differences if one.field == name]
    counts = {each.value: mine.count(each) for each in Difference}
    return FieldCounts(name, comparable, **counts)


def _difference(spec: FieldSpec, recorded: Extraction | None, now: Extraction | None) -> Difference:
    if recorded is None:
        return Difference.NEW
    if now is None:
        return Difference.LOST
    return Difference.SAME if _is_same(spec, recorded, now) else Difference.CHANGED


def _is_same(spec: FieldSpec, recorded: Extraction, now: Extraction) -> bool:
    """Whether both say the same, by the rules by which values are held against the truth."""
    if recorded.state is not now.state:
        return False
    if recorded.state is not FieldState.EXTRACTED or recorded.value == now.value:
        return True
    if recorded.value is None or now.value is None:
        return False
    return is_true(spec, now.value, [_form(recorded.value)])


def _form(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, tuple) else str(value)
