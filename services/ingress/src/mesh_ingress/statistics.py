"""A campaign's statistics: what is asked of the read tables, and what is made of the answers.

The sums are over one row for each conversation. Nothing here reads messages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from mesh_ingress import figures
from meshcore.domain.campaign import CampaignStatus
from meshcore.domain.estimate import Outlook, Unknown, campaign_done_at, openings_done_at
from meshcore.domain.outreach import Outreach
from meshcore.domain.quotas import has_targets
from meshcore.domain.send_errors import fault_of

if TYPE_CHECKING:
    from asyncpg import Record

# Sums of costs as numeric: exact, in whatever order the rows come.
OF_CONVERSATIONS = """
    SELECT
        count(*) FILTER (WHERE contacted_at IS NOT NULL OR answers > 0) AS contacted,
        count(*) FILTER (WHERE answers > 0) AS answered,
        count(*) FILTER (WHERE disposition = 'opted_out'
            AND (contacted_at IS NOT NULL OR answers > 0)) AS contacted_opted_out,
        count(*) FILTER (WHERE contacted_at IS NOT NULL AND answers = 0) AS silent,
        count(*) FILTER (WHERE contacted_at IS NOT NULL AND ended_at IS NOT NULL) AS ended,
        max(contacted_at) FILTER (WHERE status IN ('outreach_sent', 'active')) AS last_opened_at,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY first_reply_seconds)
            AS median_first_reply_seconds,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY reply_seconds) AS median_reply_seconds,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY turns)
            FILTER (WHERE status = 'completed') AS median_turns,
        percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM ended_at - contacted_at))
            FILTER (WHERE disposition = 'completed') AS interview_seconds,
        coalesce(sum(messages_received), 0) AS messages_received,
        coalesce(sum(messages_accepted), 0) AS accepted,
        coalesce(sum(messages_queued), 0) AS queued,
        coalesce(sum(messages_sent), 0) AS sent,
        coalesce(sum(messages_delivered), 0) AS delivered,
        coalesce(sum(messages_read), 0) AS read,
        coalesce(sum(messages_failed), 0) AS failed,
        coalesce(sum(input_tokens::numeric + output_tokens), 0) AS tokens,
        sum(cost_usd::numeric) AS cost_usd,
        coalesce(sum(unpriced), 0) AS unpriced,
        coalesce(sum(fallbacks), 0) AS fallbacks
    FROM figures WHERE campaign_id = $1
"""

# What few conversations have, and few kinds of it: each as one JSON object.
OF_KINDS = """
    WITH gone AS (
        SELECT answers, last_asked FROM figures
        WHERE campaign_id = $1 AND answers > 0
            AND disposition IN ('declined', 'breakoff', 'partial', 'opted_out')
    )
    SELECT
        (SELECT coalesce(jsonb_object_agg(answers, n), '{}')
            FROM (SELECT answers, count(*) AS n FROM gone GROUP BY answers) AS left_after)
            AS gone_by_answer,
        (SELECT coalesce(jsonb_object_agg(last_asked, n), '{}')
            FROM (SELECT last_asked, count(*) AS n FROM gone
                WHERE last_asked IS NOT NULL GROUP BY last_asked) AS left_at) AS gone_by_field,
        (SELECT coalesce(jsonb_object_agg(name, n), '{}') FROM (
            SELECT each.key AS name, sum(each.value::numeric) AS n
            FROM figures, jsonb_each(breaches) AS each
            WHERE campaign_id = $1 AND breaches <> '{}' GROUP BY each.key) AS broken) AS breaches,
        (SELECT coalesce(jsonb_object_agg(name, n), '{}') FROM (
            SELECT each.key AS name, sum(each.value::numeric) AS n
            FROM figures, jsonb_each(failures) AS each
            WHERE campaign_id = $1 AND messages_failed > 0
            GROUP BY each.key) AS failed) AS failures,
        (SELECT coalesce(jsonb_object_agg(zone, n), '{}') FROM (
            SELECT coalesce(c.timezone, campaigns.timezone) AS zone, count(*) AS n
            FROM figures AS c JOIN campaigns ON campaigns.id = campaign_id
            WHERE campaign_id = $1 AND c.status = 'pending' AND NOT handed_over AND NOT closed
                AND (c.cell IS NULL OR NOT closed_cells ? c.cell)
            GROUP BY 1) AS zones) AS waiting,
        (SELECT coalesce(jsonb_agg((outreach ->> 'rate_per_minute')::float8), '[]') FROM campaigns
            WHERE status = 'active' AND id <> $1 AND NOT closed AND pending > 0) AS others,
        (SELECT min(scheduled_at) FROM outreach_queue
            WHERE campaign_id = $1 AND status = 'scheduled') AS next_opening_at
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What the read tables say of a campaign: its row, and the two answers from above."""

    campaign: Mapping[str, Any]
    sums: Record
    kinds: Record

    @property
    def outreach(self) -> Outreach:
        """How it reaches participants."""
        return Outreach.model_validate_json(self.campaign["outreach"])

    @property
    def dispositions(self) -> figures.Dispositions:
        """How many conversations have which."""
        return figures.Dispositions(**json.loads(self.campaign["dispositions"]))

    @property
    def waiting(self) -> dict[str, int]:
        """Openings to come, by time zone."""
        waiting: dict[str, int] = json.loads(self.kinds["waiting"])
        return waiting


def stats(found: Found) -> figures.Stats:
    """How the interviews go."""
    sums, dispositions = found.sums, found.dispositions
    contacted, answered = sums["contacted"], sums["answered"]
    taken = sum(sums[name] for name in ("accepted", "queued", "sent", "delivered", "read"))
    as_they_are = figures.Stats.model_fields.keys() & dict(sums).keys()
    return figures.Stats(
        **{name: sums[name] for name in as_they_are},
        dispositions=dispositions,
        response_rate=_rate(answered, contacted),
        completion_rate=_rate(dispositions.completed, answered),
        opt_out_rate=_rate(sums["contacted_opted_out"], contacted),
        drop_off=figures.DropOff(
            by_answer=dict(sorted(_counts(found, "gone_by_answer", int).items())),
            by_field=_counts(found, "gone_by_field", str),
        ),
        deliveries=figures.Deliveries(**dict(sums)),
        failures=_failures(_counts(found, "failures", str)),
        messages_sent=taken,
        breaches=_counts(found, "breaches", str),
    )


def progress(found: Found, capacity: float, now: datetime) -> figures.Progress:
    """How far the campaign has come.

    Args:
        found: what the tables say.
        capacity: openings per minute of all senders together.
        now: the present.
    """
    campaign, outlook = found.campaign, _outlook(found, capacity)
    return figures.Progress(
        paused_because=campaign["paused_because"],
        paused_code=campaign["paused_code"],
        closed=campaign["closed"],
        targets=_targets(found),
        openings_left=sum(outlook.waiting.values()),
        next_opening_at=found.kinds["next_opening_at"],
        openings_done=_estimate(openings_done_at(outlook, now)),
        campaign_done=_estimate(campaign_done_at(outlook, now)),
    )


def _outlook(found: Found, capacity: float) -> Outlook:
    campaign, sums = found.campaign, found.sums
    seconds = sums["interview_seconds"]
    return Outlook(
        status=CampaignStatus(campaign["status"]),
        outreach=found.outreach,
        waiting=found.waiting,
        under_way=campaign["outreach_sent"] + campaign["active"],
        last_opened_at=sums["last_opened_at"],
        completed=found.dispositions.completed,
        ended=sums["ended"],
        silent=sums["silent"],
        interview=None if seconds is None else timedelta(seconds=float(seconds)),
        closed=campaign["closed"],
        capacity=capacity,
        others=json.loads(found.kinds["others"]),
    )


def _targets(found: Found) -> figures.Targets | None:
    outreach, campaign = found.outreach, found.campaign
    if not has_targets(outreach):
        return None
    completes, closed = json.loads(campaign["cells"]), json.loads(campaign["closed_cells"])
    wanted = outreach.quota.targets if outreach.quota else {}
    return figures.Targets(
        target=outreach.target_completes,
        completes=found.dispositions.completed,
        cells=[
            figures.Cell(
                value=value,
                target=target,
                completes=completes.get(value, 0),
                closed=campaign["closed"] or value in closed,
            )
            for value, target in wanted.items()
        ],
    )


def _failures(counts: Mapping[str, int]) -> list[figures.Failure]:
    return [
        figures.Failure(
            reason=fault_of(None, int(name)) if name.isdecimal() else name,
            error_code=int(name) if name.isdecimal() else None,
            messages=count,
        )
        for name, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]


def _counts(found: Found, column: str, kind: type[Any]) -> dict[Any, int]:
    return {kind(name): int(count) for name, count in json.loads(found.kinds[column]).items()}


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _estimate(found: datetime | Unknown) -> figures.Estimate:
    if isinstance(found, Unknown):
        return figures.Estimate(at=None, unknown_because=found.because)
    return figures.Estimate(at=found.replace(microsecond=0), unknown_because=None)
