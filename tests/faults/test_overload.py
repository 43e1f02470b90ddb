"""More at once than the model can bear: everybody is answered in the end, and nobody is blocked."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psutil
import pytest

from tests.e2e.study import eventually
from tests.faults.lab import Lab

PARTICIPANTS = 150
MOST_MEMORY = 300 * 2**20
"""Bytes that the agent may take."""

SLOWEST_WEBHOOK = 1.0
"""Seconds within which 99 of 100 webhooks are answered: not a benchmark, but nobody is blocked."""

_CALLS = "MAX_CONCURRENT_LLM_CALLS"


@pytest.fixture
def small_model(world_to_break: Lab) -> Iterator[Lab]:
    """The world with an agent that may make two calls to the model at once."""
    [agent] = world_to_break.replicas("agent")
    agent.stop()
    agent.env[_CALLS] = "2"
    agent.start()
    world_to_break.world.wait_ready()
    yield world_to_break
    agent.stop()
    del agent.env[_CALLS]
    agent.start()


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
