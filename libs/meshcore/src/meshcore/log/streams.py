"""Streams, consumers and buckets as data, and declaring them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nats.js.api import (
    AckPolicy,
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    KeyValueConfig,
    ObjectStoreConfig,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.errors import BucketNotFoundError, NotFoundError

from meshcore.log import subjects

if TYPE_CHECKING:
    from nats.js import JetStreamContext

MESH = "MESH"
WORK = "MESH_WORK"
SPEND = "MESH_SPEND"
KEYS = "MESH_KEYS"
DIRECTORY = "mesh_directory"
ROUTES = "mesh_routes"
TIMETABLE = "mesh_timetable"
SENDERS = "mesh_senders"
COUNTS = "mesh_counts"
LEASES = "mesh_leases"
DEAD_LETTERS = "mesh_dead_letters"
MEDIA = "mesh_media"
ADVISORIES = "MESH_ADVISORIES"

_ADVISORIES_KEPT = 10_000

_HISTORY = 1_000_000
"""Entries of a participant, one replacing the other, that the directory holds until an erasure."""

DUPLICATE_WINDOW = 120.0
"""Seconds in which the server drops a repeated Nats-Msg-Id.

Past it, the folds ignore what they have seen.
"""

LEASE_SECONDS = 4.0
ACK_WAIT = 4.0
"""Seconds after which a wake-up whose handler died is given to another one.

Handlers that live renew both, three times in that time.
"""


def streams(replicas: int) -> list[StreamConfig]:
    """The streams, with this many replicas each."""
    return [
        StreamConfig(
            name=MESH,
            description="The log: every fact",
            subjects=["mesh.campaign.>", "mesh.conv.>", "mesh.participant.>", "mesh.report.>"],
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            num_replicas=replicas,
            duplicate_window=DUPLICATE_WINDOW,
            allow_direct=True,
            deny_delete=False,
        ),
        StreamConfig(
            name=WORK,
            description="Wake-ups: schedules and what they fire into",
            subjects=["mesh.work.>"],
            retention=RetentionPolicy.WORK_QUEUE,  # an acked wake-up is gone
            storage=StorageType.FILE,
            num_replicas=replicas,
            duplicate_window=DUPLICATE_WINDOW,
            max_msgs_per_subject=1,
            allow_direct=True,
            allow_rollup_hdrs=True,
            allow_msg_schedules=True,
        ),
        StreamConfig(
            name=SPEND,
            description="What each campaign has cost; derived, and only a brake",
            subjects=[subjects.SPENDS],
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            num_replicas=replicas,
            duplicate_window=DUPLICATE_WINDOW,
            max_msgs_per_subject=1,  # the last message of a counter holds its sum
            allow_direct=True,
            allow_msg_counter=True,
        ),
        StreamConfig(
            name=KEYS,
            description="The keys of personal data; destroying one erases what it has sealed",
            subjects=[subjects.KEYS],
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            num_replicas=replicas,
            max_msgs_per_subject=1,
            allow_direct=True,
            deny_delete=False,
        ),
        StreamConfig(
            name=ADVISORIES,
            description="What the server gave up on; nothing is dropped in silence",
            subjects=[
                "$JS.EVENT.ADVISORY.CONSUMER.MAX_DELIVERIES.>",
                "$JS.EVENT.ADVISORY.CONSUMER.MSG_TERMINATED.>",
            ],
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            num_replicas=replicas,
            max_msgs=_ADVISORIES_KEPT,
        ),
    ]


def buckets(replicas: int) -> list[KeyValueConfig]:
    """The key-value buckets. Leases live in memory: they mean nothing after a restart."""
    return [
        KeyValueConfig(DIRECTORY, "participant -> addresses", replicas=replicas, direct=True),
        KeyValueConfig(
            ROUTES,
            "participant -> current and earlier conversations",
            replicas=replicas,
            direct=True,
        ),
        KeyValueConfig(DEAD_LETTERS, "parked wake-ups", replicas=replicas, direct=True),
        KeyValueConfig(TIMETABLE, "sender -> slots taken", replicas=replicas, direct=True),
        KeyValueConfig(
            SENDERS, "participant -> the sender he saw first", replicas=replicas, direct=True
        ),
        KeyValueConfig(COUNTS, "campaign -> completed interviews", replicas=replicas, direct=True),
        KeyValueConfig(
            LEASES,
            "who works on what",
            ttl=LEASE_SECONDS,
            storage=StorageType.MEMORY,
            replicas=replicas,
        ),
    ]


def media_store(replicas: int) -> ObjectStoreConfig:
    """The bucket of files; empty, unless a campaign wants them kept."""
    return ObjectStoreConfig(
        MEDIA,
        "conversation/message/n -> a file that a participant sent",
        storage=StorageType.FILE,
        replicas=replicas,
    )


def _consumer(durable: str, subject: str, max_ack_pending: int) -> ConsumerConfig:
    return ConsumerConfig(
        durable_name=durable,
        filter_subject=subject,
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=ACK_WAIT,
        max_deliver=-1,
        max_ack_pending=max_ack_pending,
    )


def retry_of(consumer: ConsumerConfig) -> ConsumerConfig:
    """The consumer through which wake-ups come back that the given one has parked."""
    name = consumer.durable_name or ""
    return _consumer(f"{name}-retry", subjects.retry_wake_ups(name), 100)


INBOUND_CONSUMER = _consumer("agent-inbound", subjects.INBOUND, 2_000)
CONSENTS_CONSUMER = _consumer("agent-consents", subjects.CONSENTS, 100)
REPORTS_CONSUMER = _consumer("agent-reports", subjects.REPORT_REQUESTS, 10)
OPENINGS_CONSUMER = _consumer("agent-openings", subjects.OPENING_WAKE_UPS, 2_000)
NUDGES_CONSUMER = _consumer("agent-nudges", subjects.NUDGE_WAKE_UPS, 2_000)
TURNS_CONSUMER = _consumer("outreach-turns", subjects.TURNS, 2_000)
CAMPAIGNS_CONSUMER = _consumer("outreach-campaigns", subjects.CAMPAIGNS, 100)
DELIVERIES_CONSUMER = _consumer("outreach-deliveries", subjects.DELIVERY_WAKE_UPS, 2_000)
FAILURES_CONSUMER = _consumer("outreach-failures", subjects.FAILURE_WAKE_UPS, 2_000)
PLANNING_CONSUMER = _consumer("outreach-planning", subjects.PLANNING_WAKE_UPS, 100)
COUNTS_CONSUMER = _consumer("outreach-counts", subjects.COUNTS_WAKE_UPS, 100)
COMPLETION_CONSUMER = _consumer("outreach-completion", subjects.COMPLETION_WAKE_UPS, 100)
ERASURES_CONSUMER = _consumer("outreach-erasures", subjects.ERASE_WAKE_UPS, 100)

_CONSUMERS: tuple[tuple[str, ConsumerConfig], ...] = (
    (MESH, INBOUND_CONSUMER),
    (MESH, CONSENTS_CONSUMER),
    (MESH, REPORTS_CONSUMER),
    (MESH, TURNS_CONSUMER),
    (MESH, CAMPAIGNS_CONSUMER),
    (WORK, OPENINGS_CONSUMER),
    (WORK, NUDGES_CONSUMER),
    (WORK, DELIVERIES_CONSUMER),
    (WORK, FAILURES_CONSUMER),
    (WORK, PLANNING_CONSUMER),
    (WORK, COUNTS_CONSUMER),
    (WORK, COMPLETION_CONSUMER),
    (WORK, ERASURES_CONSUMER),
)
CONSUMERS = (*_CONSUMERS, *((WORK, retry_of(consumer)) for _, consumer in _CONSUMERS))


async def declare(js: JetStreamContext, replicas: int) -> None:
    """Creates or updates everything above.

    Safe to call by every service, at the same time, at every start.
    """
    for stream in streams(replicas):
        try:
            await js.stream_info(stream.name or "")
            await js.update_stream(stream)
        except NotFoundError:
            await js.add_stream(stream)
    for bucket in buckets(replicas):
        try:
            await js.key_value(bucket.bucket)
        except NotFoundError:
            if bucket.bucket == DIRECTORY:
                await js.add_stream(_directory(bucket))
            else:
                await js.create_key_value(bucket)
    try:
        await js.object_store(MEDIA)
    except BucketNotFoundError:
        await js.create_object_store(MEDIA, media_store(replicas))
    for stream_name, consumer in CONSUMERS:
        await js.add_consumer(stream_name, replace(consumer))


def _directory(bucket: KeyValueConfig) -> StreamConfig:
    """The directory as a stream: a bucket whose entries can be overwritten, and many as one.

    An entry that another one replaces stays until it is overwritten, too.
    """
    return StreamConfig(
        name=f"KV_{bucket.bucket}",
        description=bucket.description,
        subjects=[f"$KV.{bucket.bucket}.>"],
        discard=DiscardPolicy.NEW,
        duplicate_window=DUPLICATE_WINDOW,
        storage=StorageType.FILE,
        num_replicas=bucket.replicas,
        max_msgs_per_subject=_HISTORY,
        allow_direct=True,
        allow_rollup_hdrs=True,
        allow_atomic=True,
        deny_delete=False,
    )
