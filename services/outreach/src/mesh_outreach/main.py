"""Wires outreach."""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING

from mesh_outreach.brake import Brake
from mesh_outreach.deliver import Deliverer
from mesh_outreach.plan_openings import Planner
from mesh_outreach.quotas import Targets
from mesh_outreach.retention import Retention
from mesh_outreach.senders import Senders
from mesh_outreach.settings import OutreachSettings
from mesh_outreach.slot_gate import SlotGate
from mesh_outreach.timetable import Timetable
from mesh_outreach.twilio import TwilioMessages
from meshcore.erasure import Eraser
from meshcore.handling import Subscription
from meshcore.log import streams
from meshcore.log.counts import Counts
from meshcore.log.histories import Conversations, campaigns
from meshcore.service import run
from meshcore.settings import load_settings
from meshcore.subscriptions import subscribed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp

    from meshcore.service import Shell

_SENDS_AT_ONCE = 80
"""What one WhatsApp sender takes per second."""

_PLANS_AT_ONCE = 4

_ERASURES_AT_ONCE = 2
"""Nobody waits for them."""


def main() -> None:
    """Runs outreach until it is told to stop."""
    settings = load_settings(OutreachSettings)

    @asynccontextmanager
    async def build(shell: Shell) -> AsyncIterator[ASGIApp]:
        twilio = TwilioMessages(
            settings.account_sid,
            settings.auth_token.get_secret_value(),
            settings.senders[0],
            settings.public_url,
            settings.twilio_url,
        )
        known = campaigns(shell.log)
        conversations = Conversations(shell.log)
        timetable = Timetable(
            await shell.bucket(streams.TIMETABLE),
            settings.outreach_rate_per_minute,
            settings.senders,
        )
        senders = Senders(await shell.bucket(streams.SENDERS), settings.senders)
        deliverer = Deliverer(
            shell.log,
            conversations,
            known,
            shell.directory,
            shell.routes,
            twilio,
            shell.wake_ups,
            SlotGate(timetable, shell.wake_ups),
            Brake(shell.log, known),
        )
        planner = Planner(
            shell.log,
            known,
            shell.leases,
            shell.wake_ups,
            timetable,
            senders,
            counts=Counts(await shell.bucket(streams.COUNTS)),
        )
        targets = Targets(shell.log, known)
        retention = Retention(conversations, Eraser(shell), settings.retention)
        mesh, work = streams.MESH, streams.WORK
        subscriptions = [
            Subscription(mesh, streams.TURNS_CONSUMER, deliverer.on_turn, _SENDS_AT_ONCE),
            Subscription(work, streams.DELIVERIES_CONSUMER, deliverer.on_turn, _SENDS_AT_ONCE),
            Subscription(work, streams.FAILURES_CONSUMER, deliverer.on_failure, _SENDS_AT_ONCE),
            Subscription(mesh, streams.CAMPAIGNS_CONSUMER, planner.on_campaign, _PLANS_AT_ONCE),
            Subscription(work, streams.PLANNING_CONSUMER, planner.on_planning, _PLANS_AT_ONCE),
            Subscription(work, streams.COUNTS_CONSUMER, targets.on_counts, _PLANS_AT_ONCE),
            Subscription(work, streams.COMPLETION_CONSUMER, planner.on_completion, _PLANS_AT_ONCE),
            Subscription(work, streams.ERASURES_CONSUMER, retention.on_hint, _ERASURES_AT_ONCE),
        ]
        async with aclosing(twilio), subscribed(shell, subscriptions) as app:
            yield app

    run("outreach", settings, settings.port, build)
