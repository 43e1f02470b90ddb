"""Which requests a fault strikes."""

from __future__ import annotations

from meshsim.faults import Fault, FaultPlan


def struck(fault: Fault, names: range) -> set[int]:
    """Return which of the requests a fault strikes."""
    plan: FaultPlan[Fault] = FaultPlan()
    plan.add([fault])
    return {name for name in names if plan.strike(lambda _: True, name)}


def test_chance_is_repeatable_whatever_the_order() -> None:
    """With a probability the seed and the request decide, not who came first."""
    fault = Fault(kind="x", probability=0.3, seed=7)
    forwards = struck(fault, range(200))
    assert forwards == struck(fault, range(199, -1, -1))
    assert 30 < len(forwards) < 90
    assert forwards != struck(fault.model_copy(update={"seed": 8}), range(200))


def test_a_count_ends_a_fault() -> None:
    """A fault strikes once, or as often as its count says."""
    assert struck(Fault(kind="x"), range(5)) == {0}
    assert struck(Fault(kind="x", count=3), range(5)) == {0, 1, 2}
    assert len(struck(Fault(kind="x", count=2, probability=0.5), range(100))) == 2


def test_a_fault_waits_for_the_request_that_it_is_meant_for() -> None:
    """Requests that it does not apply to pass and do not use it up."""
    plan: FaultPlan[Fault] = FaultPlan()
    plan.add([Fault(kind="x")])
    assert plan.strike(lambda _: False) is None
    assert plan.strike(lambda _: True) is not None


def test_a_fault_strikes_in_its_time_only() -> None:
    """Not before, not after, and of what comes in between everything."""
    now = [100.0]
    plan: FaultPlan[Fault] = FaultPlan(lambda: now[0])
    plan.add([Fault(kind="x", after=10, during=5)])
    found = []
    for now[0] in (100.0, 109.9, 110.0, 112.0, 114.9, 115.0):
        found.append(plan.strike(lambda _: True) is not None)
    assert found == [False, False, True, True, True, False]
