"""Wires the agent."""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from mesh_agent import language
from mesh_agent.interviewer import Interviewer
from mesh_agent.media import TwilioMedia
from mesh_agent.models.choose import model_from
from mesh_agent.obey_opt_out import OptOutObeyer
from mesh_agent.open_conversation import Opener
from mesh_agent.reports.material import Materials
from mesh_agent.reports.writer import ReportWriter
from mesh_agent.settings import AgentSettings
from mesh_agent.silence import Nudger
from mesh_agent.take_turn import TurnTaker
from mesh_agent.voice_notes import VoiceNotes
from meshcore.errors import UnusableModelError
from meshcore.handling import Subscription
from meshcore.log import streams
from meshcore.log.histories import Conversations, campaigns, report_requests
from meshcore.service import run
from meshcore.settings import leave_for, load_settings
from meshcore.subscriptions import subscribed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp

    from meshcore.service import Shell

_WORKERS_PER_CALL = 10
"""Turns in hand per call to the model.

Most of them only listen whether the participant goes on writing.
"""

_REPORTS = 2
"""Reports in hand at once: each is one long call to the model, and reads many conversations."""

_OPT_OUTS = 10
"""Opt-outs in hand at once."""

_NUDGES = 10
"""Silent conversations in hand at once."""


def _media(settings: AgentSettings) -> TwilioMedia:
    return TwilioMedia(
        settings.account_sid, settings.auth_token.get_secret_value(), settings.twilio_url
    )


def main() -> None:
    """Runs the agent until it is told to stop."""
    settings = load_settings(AgentSettings)
    language.load()

    @asynccontextmanager
    async def build(shell: Shell) -> AsyncIterator[ASGIApp]:
        async with model_from(settings) as model, aclosing(_media(settings)) as media:
            interviewer = Interviewer(model)
            conversations, known = Conversations(shell.log), campaigns(shell.log)
            burst = timedelta(seconds=settings.burst_seconds)
            turns = TurnTaker(
                shell.log,
                conversations,
                known,
                shell.leases,
                interviewer,
                VoiceNotes(model, media, shell.media),
                shell.spend,
                burst,
            )
            opener = Opener(
                shell.log,
                conversations,
                known,
                shell.leases,
                interviewer,
                shell.spend,
                shell.wake_ups,
                shell.directory,
            )
            nudger = Nudger(
                shell.log, conversations, known, shell.leases, shell.wake_ups, shell.directory
            )
            reports = ReportWriter(
                shell.log,
                report_requests(shell.log),
                known,
                Materials(shell.log),
                shell.leases,
                model,
                shell.spend,
            )
            obeyer = OptOutObeyer(shell.log, conversations)
            workers = _WORKERS_PER_CALL * settings.max_concurrent_llm_calls
            subscriptions = [
                Subscription(streams.MESH, streams.INBOUND_CONSUMER, turns.on_inbound, workers),
                Subscription(streams.MESH, streams.CONSENTS_CONSUMER, obeyer.on_consent, _OPT_OUTS),
                Subscription(streams.MESH, streams.REPORTS_CONSUMER, reports.on_request, _REPORTS),
                Subscription(streams.WORK, streams.OPENINGS_CONSUMER, opener.on_slot, workers),
                Subscription(streams.WORK, streams.NUDGES_CONSUMER, nudger.on_nudge, _NUDGES),
            ]
            async with subscribed(shell, subscriptions) as app:
                yield app

    try:
        run("agent", settings, settings.port, build)
    except UnusableModelError as error:
        leave_for([f"MESH_MODEL is of no use here: {error}"])
