"""The read tables, asked. Ingress's SQL stands here and in `statistics`, and it only reads."""

# ruff: noqa: S608 - the statements are put together from constants of this module, never from input

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mesh_ingress import models, statistics
from mesh_ingress.paging import cursor_of, id_in, ordinal_and_id_in, time_and_id_in
from mesh_ingress.report_models import CampaignReport
from meshcore.domain.report import Report
from meshcore.ids import now

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from asyncpg import Record

    from mesh_ingress.database import Database
    from meshcore.domain.conversation import ConversationStatus
    from meshcore.domain.disposition import Disposition

_CHECKPOINT = "SELECT position FROM checkpoints WHERE name = 'read_tables'"

_CAMPAIGN = """
    id, name, research_brief, extraction_schema, system_prompt_override,
    language, timezone, opening, support_text, limits, keep_media, outreach,
    status, created_at, launched_at, completed_at,
    participants, pending, outreach_sent, active, completed, abandoned, failed
"""

_CAMPAIGNS = f"""
    SELECT {_CAMPAIGN} FROM campaigns
    WHERE id < coalesce($1, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)
    ORDER BY id DESC LIMIT $2
"""

_ONE_CAMPAIGN = f"""
    SELECT {_CAMPAIGN}, paused_because, paused_code, closed, closed_cells, dispositions, cells
    FROM campaigns WHERE id = $1
"""

_SUMMARY = """
    id, user_id, status, disposition, extracted_data, end_reason, flag, failure, turns,
    started_at, last_message_at, ended_at
"""

# A left join, so that one look at the tables tells an empty campaign from an unknown one.
_CONVERSATIONS = f"""
    SELECT page.* FROM campaigns LEFT JOIN LATERAL (
        SELECT {_SUMMARY}, ordinal FROM conversations
        WHERE campaign_id = campaigns.id AND user_id IS NOT NULL
            AND ($2::text IS NULL OR status = $2) AND ($3::text IS NULL OR flag = $3)
            AND ($4::text IS NULL OR disposition = $4)
            AND (ordinal, id) > (
                coalesce($5, -1), coalesce($6, '00000000-0000-0000-0000-000000000000'::uuid)
            )
        ORDER BY ordinal, id LIMIT $7
    ) page ON true
    WHERE campaigns.id = $1 ORDER BY page.ordinal, page.id
"""

_ONE_CONVERSATION = f"""
    SELECT {_SUMMARY}, campaign_id, language, input_tokens, output_tokens, cost_usd, evidence, (
        SELECT coalesce(json_agg(message ORDER BY message.ordinal), '[]') FROM (
            SELECT ordinal, id, sender, kind, text, coalesce(media, '[]') AS media, transcript,
                created_at, status, twilio_sid, error, error_code
            FROM messages WHERE conversation_id = conversations.id
        ) message
    ) AS messages
    FROM conversations WHERE id = $1 AND user_id IS NOT NULL
"""

_EXTRACTIONS = """
    SELECT campaigns.completed, page.* FROM campaigns LEFT JOIN LATERAL (
        SELECT id, user_id, coalesce(extracted_data, '{}') AS extracted_data, ended_at
        FROM conversations
        WHERE campaign_id = campaigns.id AND status = 'completed'
            AND (ended_at, id) > (
                coalesce($2, '-infinity'::timestamptz),
                coalesce($3, '00000000-0000-0000-0000-000000000000'::uuid)
            )
        ORDER BY ended_at, id LIMIT $4
    ) page ON true
    WHERE campaigns.id = $1 ORDER BY page.ended_at, page.id
"""

_SUPPRESSED = """
    SELECT participant FROM consents WHERE opted_out AND participant > coalesce($1, '')
    ORDER BY participant LIMIT $2
"""

_LATEST_REPORT = """
    SELECT id::text, campaign_id::text, status, requested_at, finished_at, report, reasons, model,
        model_calls, input_tokens, output_tokens, cached_tokens, cost_usd
    FROM reports WHERE campaign_id = $1 ORDER BY requested_at DESC, id DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Only:
    """Which conversations are wanted: of this status and disposition, with this flag; None: any."""

    status: ConversationStatus | None = None
    flag: models.Flag | None = None
    disposition: Disposition | None = None


class ReadModel:
    """Answers from the read tables; raises `ReadSideUnavailableError` if it cannot."""

    def __init__(
        self, database: Database, capacity: float, clock: Callable[[], datetime] = now
    ) -> None:
        """Prepares the answers.

        Args:
            database: where the tables are.
            capacity: openings per minute of all senders together.
            clock: the present, for estimates.
        """
        self._database = database
        self._capacity = capacity
        self._clock = clock

    async def position(self) -> int:
        """Up to where the read tables tell what the log tells."""
        rows = await self._database.fetch(_CHECKPOINT)
        return int(rows[0]["position"]) if rows else 0

    async def campaigns(self, limit: int, cursor: str | None) -> models.CampaignPage:
        """Campaigns, the newest first: their ids are in the order of creation."""
        rows = await self._database.fetch(_CAMPAIGNS, id_in(cursor), limit + 1)
        following = cursor_of(rows[limit - 1]["id"]) if len(rows) > limit else None
        page = [models.Campaign(**_campaign(row)) for row in rows[:limit]]
        return models.CampaignPage(campaigns=page, next_cursor=following)

    async def campaign(self, campaign_id: str) -> models.Campaign | None:
        """One campaign; None if the tables do not have it."""
        rows = await self._database.fetch(_ONE_CAMPAIGN, campaign_id)
        return models.Campaign(**_campaign(rows[0])) if rows else None

    async def campaign_detail(self, campaign_id: str) -> models.CampaignDetail | None:
        """One campaign with its figures; None if the tables do not have it."""
        rows = await self._database.fetch(_ONE_CAMPAIGN, campaign_id)
        if not rows:
            return None
        [sums] = await self._database.fetch(statistics.OF_CONVERSATIONS, campaign_id)
        [kinds] = await self._database.fetch(statistics.OF_KINDS, campaign_id)
        found = statistics.Found(dict(rows[0]), sums, kinds)
        return models.CampaignDetail(
            **_campaign(rows[0]),
            stats=statistics.stats(found),
            progress=statistics.progress(found, self._capacity, self._clock()),
        )

    async def conversations(
        self, campaign_id: str, only: Only, limit: int, cursor: str | None
    ) -> models.ConversationPage | None:
        """A campaign's conversations, still without phones; None for an unknown campaign."""
        ordinal, behind = ordinal_and_id_in(cursor) or (None, None)
        rows = await self._database.fetch(
            _CONVERSATIONS,
            campaign_id,
            only.status,
            only.flag,
            only.disposition,
            ordinal,
            behind,
            limit + 1,
        )
        if not rows:
            return None
        found = [row for row in rows if row["id"]]
        last = found[limit - 1] if len(found) > limit else None
        return models.ConversationPage(
            conversations=[models.ConversationSummary(**_summary(row)) for row in found[:limit]],
            next_cursor=cursor_of(last["ordinal"], last["id"]) if last else None,
        )

    async def conversation(self, conversation_id: str) -> models.ConversationDetail | None:
        """One conversation, still without the phone; None if the tables do not have it."""
        rows = await self._database.fetch(_ONE_CONVERSATION, conversation_id)
        if not rows:
            return None
        row = rows[0]
        return models.ConversationDetail(
            **_summary(row),
            campaign_id=str(row["campaign_id"]),
            language=row["language"],
            tokens=row["input_tokens"] + row["output_tokens"],
            cost_usd=row["cost_usd"],
            evidence=json.loads(row["evidence"] or "{}"),
            messages=json.loads(row["messages"]),
        )

    async def extractions(self, campaign_id: str, limit: int, cursor: str | None) -> bytes | None:
        """`models.Extractions` as JSON; None for an unknown campaign.

        Ten thousand of them are asked for at once, so the stored JSON is passed on as it is:
        parsing it would hold webhooks up.
        """
        after, behind = time_and_id_in(cursor) or (None, None)
        rows = await self._database.fetch(_EXTRACTIONS, campaign_id, after, behind, limit + 1)
        if not rows:
            return None
        found = [row for row in rows if row["id"]]
        last = found[limit - 1] if len(found) > limit else None
        following = cursor_of(last["ended_at"], last["id"]) if last else None
        extractions = ",".join(map(_extraction, found[:limit]))
        return (
            f'{{"campaign_id":"{campaign_id}","total_completed":{rows[0]["completed"]},'
            f'"extractions":[{extractions}],"next_cursor":{json.dumps(following)}}}'
        ).encode()

    async def report(self, campaign_id: str) -> CampaignReport | None:
        """The campaign's report that was asked for last; None if nobody asked for one."""
        rows = await self._database.fetch(_LATEST_REPORT, campaign_id)
        if not rows:
            return None
        fields = {name: value for name, value in rows[0].items() if value is not None}
        written = fields.pop("report", None)
        fields["reasons"] = json.loads(fields.get("reasons", "[]"))
        found = CampaignReport(**fields)
        return found.filled(Report.model_validate_json(written)) if written else found

    async def suppressed(self, limit: int, after: str | None) -> list[str]:
        """Participants who have opted out, in the order of their ids, behind a given one."""
        rows = await self._database.fetch(_SUPPRESSED, after, limit)
        return [row["participant"] for row in rows]


def _campaign(row: Record) -> dict[str, Any]:
    fields = dict(row)
    counts = {name: fields.pop(name) for name in models.Counts.model_fields}
    return {
        **fields,
        "id": str(row["id"]),
        "extraction_schema": _as_given(json.loads(row["extraction_schema"])),
        "opening": json.loads(row["opening"] or "null"),
        "limits": json.loads(row["limits"]),
        "outreach": json.loads(row["outreach"]),
        "counts": counts,
    }


def _as_given(schema: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The stored schema without the defaults that nobody wrote."""
    return {
        name: {
            key: value
            for key, value in spec.items()
            if value is not None and (key, value) != ("required", True)
        }
        for name, spec in schema.items()
    }


def _summary(row: Record) -> dict[str, Any]:
    return {
        "id": str(row["id"]),
        "participant_id": row["user_id"],
        "phone": None,
        "status": row["status"],
        "disposition": row["disposition"],
        "extracted_data": json.loads(row["extracted_data"] or "{}"),
        "end_reason": row["end_reason"],
        "flag": row["flag"],
        "failure": row["failure"],
        "turns": row["turns"],
        "started_at": row["started_at"],
        "last_message_at": row["last_message_at"],
        "ended_at": row["ended_at"],
    }


def _extraction(row: Record) -> str:
    return (
        f'{{"conversation_id":"{row["id"]}","participant_id":"{row["user_id"]}",'
        f'"data":{row["extracted_data"]},"completed_at":"{_iso(row["ended_at"])}"}}'
    )


def _iso(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
