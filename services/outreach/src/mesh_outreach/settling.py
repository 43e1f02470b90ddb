"""When a send that was begun is settled: either Twilio has it, and shows it, or never will."""

from __future__ import annotations

from datetime import timedelta

from mesh_outreach.twilio import TIMEOUT

HANDED_OVER_WITHIN = timedelta(seconds=3)
"""After a `send_started`, how long its writer may take until it calls Twilio."""

SETTLED_AFTER = HANDED_OVER_WITHIN + timedelta(seconds=TIMEOUT + 4)
"""When a send that was started has either reached Twilio, and is on its list, or never will."""

NEVER_THERE = "it never reached Twilio"
"""Why a send is put off that is settled, and that Twilio does not know."""
