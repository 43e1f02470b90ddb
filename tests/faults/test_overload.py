"""More at once than the model can bear: everybody is answered in the end, and nobody is blocked."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from tests.e2e.study import eventually
from tests.faults.lab import Lab, lab

PARTICIPANTS = 150
MOST_MEMORY = 300 * 2**20
"""Bytes that the agent may take."""

SLOWEST_WEBHOOK = 1.0
"""Seconds within which 99 of 100 webhooks are answered: not a benchmark, but nobody is blocked."""


@pytest.fixture
def small_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """A world whose model bears two calls at once."""
    with lab(
        tmp_path_factory.mktemp("overload"),
        model_latency=0.02,
        MAX_CONCURRENT_LLM_CALLS="2",
        OUTREACH_RATE_PER_MINUTE="6000",
    ) as found:
        yield found


def test_a_crowd_is_answered_in_the_end_and_webhooks_are_not_blocked(small_model: Lab) -> None:
    """150 people answer at once where the model takes 0.3 s and two calls at a time."""
    phones = small_model.people(PARTICIPANTS, "silent")
    small_model.launch(phones)
    small_model.under_way(phones, PARTICIPANTS)
    # From here on the model is slow; it need not be so for the openings.
    small_model.model_fault(kind="hang", seconds=0.3, probability=1)
    before = len(small_model.collector.entries())

    with ThreadPoolExecutor(PARTICIPANTS) as pool:
        answers = list(pool.map(lambda phone: small_model.says(phone, "about 31"), phones))
    [agent] = small_model.replicas("agent")
    memory = []

    def all_answered() -> bool:
        memory.append(psutil.Process(agent.pid).memory_info().rss)
        return small_model.opened(phones) == [2] * PARTICIPANTS

    eventually(all_answered, "everybody was answered", seconds=90)

    assert {answer["http_status"] for answer in answers} == {200}
    assert max(memory) < MOST_MEMORY
    taken = [e for e in small_model.collector.entries()[before:] if e["kind"] == "inbound"]
    seconds = sorted(entry["answered_at"] - entry["at"] for entry in taken)
    assert seconds[int(len(seconds) * 0.99)] < SLOWEST_WEBHOOK
    small_model.expect_nothing_lost("150 people at once")
