"""Examples of what the API takes and answers, for its description."""

from __future__ import annotations

from typing import Any

CAMPAIGN_ID = "01a1b2c3-0000-7000-8000-000000000001"
CONVERSATION_ID = "5e0c6a52-8a55-5bb1-8b6c-2a1a35a1c001"
MESSAGE_ID = "01a1b2c3-0000-7000-8000-000000000002"
PARTICIPANT_ID = "9f86d081884c7d659a2feaa0c55ad015"
MESSAGE_SID = "SM00000000000000000000000000000001"
ACCOUNT_SID = "AC00000000000000000000000000000000"
SIGNATURE = "L/OH5YylLD5NRKLltdqwSvS0BnU="

_CREATED = "2026-01-15T09:30:00Z"
_LAUNCHED = "2026-01-15T09:31:00Z"
_OPENED = "2026-01-15T09:31:02Z"
_REPLIED = "2026-01-15T09:40:12Z"
_ENDED = "2026-01-15T09:47:30Z"

PHONE_NUMBERS = ["+971501234567", "+971509876543"]

PARTICIPANTS: list[dict[str, Any]] = [
    {
        "phone": "+971501112233",
        "language": "ar",
        "timezone": "Asia/Dubai",
        "attributes": {"first_name": "Layla", "city": "Abu Dhabi"},
    },
    {"phone": "+971504445566", "attributes": {"first_name": "Omar", "city": "Dubai"}},
]
_OUTREACH: dict[str, Any] = {
    "rate_per_minute": 10,
    "contact_hours": {
        "days": ["mon", "tue", "wed", "thu", "fri"],
        "start": "09:00",
        "end": "20:00",
    },
    "reminders": [{"after_hours": 20, "text": "Just in case it slipped by: got a minute?"}],
    "expire_after_hours": 72,
    "target_completes": 500,
    "quota": {"attribute": "city", "targets": {"Abu Dhabi": 250, "Dubai": 250}},
}
CREATE_CAMPAIGN: dict[str, Any] = {
    "name": "Gas station feasibility - Yas Island",
    "research_brief": "We want to understand refueling habits of commuters who pass through "
    "Yas Island daily.",
    "extraction_schema": {
        "age_range": {"type": "string", "description": "Age bracket, e.g. 25-34"},
        "satisfaction": {
            "type": "number",
            "description": "1-10 satisfaction with current fueling options",
        },
    },
    "participants": PARTICIPANTS,
    "language": "en",
    "timezone": "Asia/Dubai",
    "opening": {
        "text": "Hi {{1}}! I'm Mia from the Yas Island study on refuelling. It takes about five "
        "minutes, and you can stop at any time. Where do you usually fill up?",
        "template": {
            "content_sid": "HX0123456789abcdef0123456789abcdef",
            "variables": {"1": "{first_name}"},
        },
    },
    "support_text": "If you need somebody to talk to, call 800 46342. They listen at any hour.",
    "limits": {"probes_per_field": 2, "turns": 20, "campaign_cost_usd": 25},
    "keep_media": False,
    "outreach": _OUTREACH,
}
ENROL_PARTICIPANTS: dict[str, Any] = {"participants": PARTICIPANTS}
PHONES: dict[str, Any] = {"phone_numbers": PHONE_NUMBERS}
PARTICIPANTS_CSV = (
    "phone,language,first_name,city\n+971501112233,ar,Layla,Abu Dhabi\n+971504445566,,Omar,Dubai\n"
)
PHONES_CSV = "phone\n+971501234567\n+971509876543\n"
REHEARSAL: dict[str, Any] = {
    "dry_run": True,
    "valid": 998,
    "already_enrolled": 12,
    "suppressed": 3,
    "duplicates_merged": 1,
    "error_count": 1,
    "errors": [
        {
            "field": "line 7",
            "reason": "has the wrong number of digits for its country",
            "fix": "write it in international form, for instance +971501234567",
        }
    ],
}
SUPPRESSION_IMPORT = {"added": 1, "already_suppressed": 1, "duplicates_merged": 0}
SUPPRESSION_PAGE: dict[str, Any] = {
    "suppressions": [{"participant_id": PARTICIPANT_ID, "phone": "+9715•••4567"}],
    "next_cursor": None,
}

_DESCRIPTION: dict[str, Any] = {
    "id": CAMPAIGN_ID,
    "name": CREATE_CAMPAIGN["name"],
    "research_brief": CREATE_CAMPAIGN["research_brief"],
    "extraction_schema": CREATE_CAMPAIGN["extraction_schema"],
    "system_prompt_override": None,
    "language": CREATE_CAMPAIGN["language"],
    "timezone": CREATE_CAMPAIGN["timezone"],
    "opening": CREATE_CAMPAIGN["opening"],
    "support_text": CREATE_CAMPAIGN["support_text"],
    "limits": {
        "probes_per_field": 2,
        "turns": 20,
        "tokens": None,
        "cost_usd": None,
        "campaign_cost_usd": 25.0,
    },
    "keep_media": False,
    "outreach": {
        **_OUTREACH,
        "reminders": [{**_OUTREACH["reminders"][0], "template": None}],
        "quota": {**_OUTREACH["quota"], "field": None},
    },
}
CREATED_CAMPAIGN: dict[str, Any] = {
    **_DESCRIPTION,
    "status": "draft",
    "created_at": _CREATED,
    "launched_at": None,
    "completed_at": None,
    "counts": {
        "participants": 2,
        "pending": 2,
        "outreach_sent": 0,
        "active": 0,
        "completed": 0,
        "abandoned": 0,
        "failed": 0,
    },
    "duplicates_merged": 0,
    "suppressed": 0,
}
CAMPAIGN: dict[str, Any] = {
    **_DESCRIPTION,
    "status": "active",
    "created_at": _CREATED,
    "launched_at": _LAUNCHED,
    "completed_at": None,
    "counts": {
        "participants": 2,
        "pending": 0,
        "outreach_sent": 1,
        "active": 0,
        "completed": 1,
        "abandoned": 0,
        "failed": 0,
    },
}
CAMPAIGN_DETAIL: dict[str, Any] = {
    **CAMPAIGN,
    "progress": {
        "paused_because": None,
        "paused_code": None,
        "closed": False,
        "targets": {
            "target": 500,
            "completes": 1,
            "cells": [{"value": "Dubai", "target": 250, "completes": 1, "closed": False}],
        },
        "openings_left": 0,
        "next_opening_at": None,
        "openings_done": {"at": None, "unknown_because": "nobody is left to be written to"},
        "campaign_done": {"at": "2026-01-19T05:31:02Z", "unknown_because": None},
    },
    "stats": {
        "dispositions": {
            "not_contacted": 0,
            "contacted": 1,
            "in_progress": 0,
            "declined": 0,
            "breakoff": 0,
            "partial": 0,
            "completed": 1,
            "opted_out": 0,
            "undeliverable": 0,
            "expired": 0,
        },
        "contacted": 2,
        "answered": 1,
        "response_rate": 0.5,
        "completion_rate": 1.0,
        "opt_out_rate": 0.0,
        "median_first_reply_seconds": 550.0,
        "median_reply_seconds": 61.0,
        "drop_off": {"by_answer": {}, "by_field": {}},
        "deliveries": {
            "accepted": 0,
            "queued": 0,
            "sent": 1,
            "delivered": 1,
            "read": 5,
            "failed": 0,
        },
        "failures": [],
        "messages_sent": 7,
        "messages_received": 5,
        "median_turns": 6.0,
        "tokens": 18_420,
        "cost_usd": 0.0103,
        "unpriced": 0,
        "breaches": {"several_questions": 1},
        "fallbacks": 0,
    },
}
CAMPAIGN_PAGE: dict[str, Any] = {"campaigns": [CAMPAIGN], "next_cursor": None}
ENROLMENT: dict[str, Any] = {
    "added": 1,
    "already_enrolled": 1,
    "duplicates_merged": 0,
    "suppressed": 0,
    "campaign": CAMPAIGN,
}

_DATA = {"age_range": "25-34", "satisfaction": 7}
_CONVERSATION: dict[str, Any] = {
    "id": CONVERSATION_ID,
    "participant_id": PARTICIPANT_ID,
    "phone": "+9715•••4567",
    "status": "completed",
    "disposition": "completed",
    "extracted_data": _DATA,
    "end_reason": "completed",
    "flag": None,
    "failure": None,
    "turns": 6,
    "started_at": _OPENED,
    "last_message_at": _ENDED,
    "ended_at": _ENDED,
}
CONVERSATION_PAGE: dict[str, Any] = {"conversations": [_CONVERSATION], "next_cursor": None}
CONVERSATION_DETAIL: dict[str, Any] = {
    **_CONVERSATION,
    "campaign_id": CAMPAIGN_ID,
    "language": "en",
    "tokens": 15_230,
    "cost_usd": 0.0086,
    "evidence": {
        "age_range": {
            "state": "extracted",
            "value": "25-34",
            "quote": "I turned 30 last month",
            "message_sid": MESSAGE_SID,
        }
    },
    "messages": [
        {
            "id": MESSAGE_ID,
            "sender": "agent",
            "kind": "opening",
            "text": "Hey! Quick question: what part of town do you usually commute from?",
            "media": [],
            "transcript": None,
            "created_at": _OPENED,
            "status": "read",
            "twilio_sid": "SM00000000000000000000000000000002",
            "error": None,
            "error_code": None,
        },
        {
            "id": MESSAGE_SID,
            "sender": "participant",
            "kind": None,
            "text": "From Khalifa City. I turned 30 last month and still no car pool :)",
            "media": [],
            "transcript": None,
            "created_at": _REPLIED,
            "status": "received",
            "twilio_sid": MESSAGE_SID,
            "error": None,
            "error_code": None,
        },
    ],
}
EXTRACTIONS: dict[str, Any] = {
    "campaign_id": CAMPAIGN_ID,
    "total_completed": 1,
    "extractions": [
        {
            "conversation_id": CONVERSATION_ID,
            "participant_id": PARTICIPANT_ID,
            "data": _DATA,
            "completed_at": _ENDED,
        }
    ],
    "next_cursor": None,
}
HEALTH: dict[str, Any] = {"status": "ok", "checks": {"nats": "ok", "postgres": "ok"}}
INBOUND_FORM = {
    "MessageSid": MESSAGE_SID,
    "AccountSid": ACCOUNT_SID,
    "From": "whatsapp:+971501234567",
    "To": "whatsapp:+14155238886",
    "Body": "Twice a day, usually around 8",
    "NumMedia": "0",
}
STATUS_FORM = {
    "MessageSid": MESSAGE_SID,
    "AccountSid": ACCOUNT_SID,
    "MessageStatus": "delivered",
}
