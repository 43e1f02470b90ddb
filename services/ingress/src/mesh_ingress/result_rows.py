"""The read tables, asked for everything of a campaign: page by page, so that memory stays small."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from mesh_ingress.result_tables import Interview
from meshcore.replay.transcripts import Found, Line, Transcript

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from asyncpg import Record

    from mesh_ingress.database import Database
    from meshcore.domain.conversation import ConversationStatus

_INTERVIEWS_AT_ONCE = 1_000
_TRANSCRIPTS_AT_ONCE = 50

_INTERVIEWS = """
    SELECT id, user_id, ended_at, coalesce(extracted_data, '{}') AS extracted_data,
        coalesce(evidence, '{}') AS evidence
    FROM conversations
    WHERE campaign_id = $1 AND status = 'completed' AND (ended_at, id) > (
        coalesce($2, '-infinity'::timestamptz),
        coalesce($3, '00000000-0000-0000-0000-000000000000'::uuid)
    )
    ORDER BY ended_at, id LIMIT $4
"""

_TRANSCRIPTS = """
    SELECT id, user_id, ordinal, status, end_reason, started_at, ended_at, evidence, (
        SELECT coalesce(json_agg(message ORDER BY message.ordinal), '[]') FROM (
            SELECT ordinal, id, sender, kind, text, status, transcript, media,
                extract(epoch FROM created_at) AS at
            FROM messages WHERE conversation_id = conversations.id
        ) message
    ) AS messages
    FROM conversations
    WHERE campaign_id = $1 AND started_at IS NOT NULL AND ($2::text IS NULL OR status = $2)
        AND (ordinal, id) > (
            coalesce($3, -1), coalesce($4, '00000000-0000-0000-0000-000000000000'::uuid)
        )
    ORDER BY ordinal, id LIMIT $5
"""


async def interviews(database: Database, campaign: str) -> AsyncIterator[list[Interview]]:
    """What the completed interviews of a campaign found, in the order of completion.

    Raises:
        ReadSideUnavailableError: PostgreSQL does not answer.
    """
    key: tuple[Any, Any] = (None, None)
    while rows := await database.fetch(_INTERVIEWS, campaign, *key, _INTERVIEWS_AT_ONCE):
        yield [_interview(row) for row in rows]
        key = rows[-1]["ended_at"], rows[-1]["id"]


async def transcripts(
    database: Database, campaign: str, status: ConversationStatus | None
) -> AsyncIterator[list[Transcript]]:
    """The conversations of a campaign that were opened, in the order of enrolment.

    Raises like `interviews`.
    """
    key: tuple[Any, Any] = (None, None)
    while rows := await database.fetch(_TRANSCRIPTS, campaign, status, *key, _TRANSCRIPTS_AT_ONCE):
        yield [_transcript(row) for row in rows]
        key = rows[-1]["ordinal"], rows[-1]["id"]


def _interview(row: Record) -> Interview:
    return Interview(
        conversation=str(row["id"]),
        participant=row["user_id"],
        completed_at=row["ended_at"],
        data=json.loads(row["extracted_data"]),
        evidence=json.loads(row["evidence"]),
    )


def _transcript(row: Record) -> Transcript:
    evidence = json.loads(row["evidence"] or "{}")
    return Transcript(
        conversation=str(row["id"]),
        participant=row["user_id"],
        status=row["status"],
        end_reason=row["end_reason"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        lines=tuple(map(_line, json.loads(row["messages"]))),
        found={
            name: Found(e["state"], e.get("value"), e["quote"], e["message_sid"])
            for name, e in evidence.items()
        },
    )


def _line(message: dict[str, Any]) -> Line:
    return Line(
        at=datetime.fromtimestamp(float(message["at"]), UTC),
        sender=message["sender"],
        text=message["text"],
        status=message["status"],
        kind=message["kind"],
        heard=message["transcript"],
        files=tuple(each["content_type"] for each in message["media"] or ()),
        id=message["id"],
    )
