"""Whatever is killed, whenever: nothing is lost, and nothing is done twice."""

from __future__ import annotations

import time

import pytest

from meshsim.world import SERVICES
from tests.e2e.study import eventually
from tests.faults.lab import Lab

RECOVERY = 10.0
"""Seconds after the start of what was killed until the next message goes out."""


@pytest.mark.parametrize("service", SERVICES)
def test_a_killed_service_loses_nothing_and_repeats_nothing(
    world_to_break: Lab, service: str
) -> None:
    """The only process of a service dies in the middle of 15 interviews, and is started again."""
    phones = world_to_break.mixed(15)
    campaign = world_to_break.launch(phones)
    world_to_break.under_way(phones, 20)

    world_to_break.kill(service)
    began = time.time()

    world_to_break.expect_nothing_lost(f"kill -9 of {service}")
    assert world_to_break.ended(campaign)
    assert world_to_break.first_message_after(began) < RECOVERY


def test_all_services_killed_at_once_lose_nothing(world_to_break: Lab) -> None:
    """All four services die at the same moment."""
    phones = world_to_break.mixed(15)
    campaign = world_to_break.launch(phones)
    world_to_break.under_way(phones, 25)

    world_to_break.kill(*SERVICES)
    began = time.time()

    world_to_break.expect_nothing_lost("kill -9 of everything")
    assert world_to_break.ended(campaign)
    assert world_to_break.first_message_after(began) < RECOVERY


def test_a_killed_nats_server_loses_nothing(world_to_break: Lab) -> None:
    """The server dies with everything that it keeps in memory, and comes back two seconds later."""
    phones = world_to_break.mixed(15)
    campaign = world_to_break.launch(phones)
    world_to_break.under_way(phones, 20)

    nats = world_to_break.world.nats
    assert nats
    nats.kill()
    time.sleep(2)
    nats.start()
    began = time.time()

    world_to_break.expect_nothing_lost("kill -9 of nats-server")
    assert world_to_break.ended(campaign)
    assert world_to_break.first_message_after(began) < RECOVERY


def test_webhooks_are_taken_while_postgres_is_away(world_to_break: Lab) -> None:
    """PostgreSQL dies for 8 s: interviews go on, and the tables are right in the end."""
    [phone] = world_to_break.people(1, "silent")
    phones = world_to_break.mixed(15)
    world_to_break.launch([phone])
    eventually(lambda: world_to_break.opened([phone]) == [1], "the opening arrived")
    campaign = world_to_break.launch(phones)
    world_to_break.under_way(phones, 10)

    postgres = world_to_break.world.postgres
    assert postgres
    postgres.kill()
    away_until = time.monotonic() + 8
    answers = []
    while time.monotonic() < away_until:
        answers.append(world_to_break.says(phone, "I usually go to Hill's"))
        time.sleep(0.5)
    postgres.start()

    assert {(a["http_status"], a["attempts"]) for a in answers} == {(200, 1)}
    world_to_break.expect_nothing_lost("PostgreSQL away for 8 s")
    assert world_to_break.ended(campaign)
