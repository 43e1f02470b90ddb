"""Any event of the catalogue, and any history of a conversation, for Hypothesis."""

from __future__ import annotations

import string
from datetime import UTC, datetime
from typing import Any, cast

from hypothesis import strategies as st

from meshcore.domain.events import (
    CATALOGUE,
    ConversationEnded,
    ConversationStarted,
    DeliveryStatusChanged,
    EndReason,
    Event,
    ExtractionRecorded,
    MediaTranscribed,
    MessageComposed,
    MessageFailed,
    MessageReceived,
    MessageSent,
    MessageSuppressed,
    OptOutSource,
    SendPostponed,
    SendStarted,
    TurnTaken,
)
from meshcore.domain.outreach import Outreach
from meshcore.domain.schema import FieldSpec, FieldType
from meshcore.domain.study import Limits, Opening, Template
from tests.support.facts import ANNA, sid

_finite = st.floats(allow_nan=False, allow_infinity=False)
_texts = st.text(max_size=40)
_names = st.text(string.ascii_letters + "_", min_size=1, max_size=12)
_instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - Hypothesis wants the bounds naive

_choices = st.lists(_texts, min_size=1, max_size=3).map(tuple)
_specs = st.one_of(
    st.builds(
        FieldSpec,
        type=st.sampled_from([FieldType.STRING, FieldType.LIST]),
        description=st.text(min_size=1, max_size=20),
        enum=st.none() | _choices,
        required=st.booleans(),
        minimum=st.none(),
        maximum=st.none(),
    ),
    st.builds(
        FieldSpec,
        type=st.just(FieldType.ENUM),
        description=st.text(min_size=1, max_size=20),
        enum=_choices,
        required=st.booleans(),
        minimum=st.none(),
        maximum=st.none(),
    ),
    st.builds(
        FieldSpec,
        type=st.sampled_from([FieldType.NUMBER, FieldType.INTEGER]),
        description=st.text(min_size=1, max_size=20),
        enum=st.none(),
        minimum=st.none() | st.floats(-1e9, 0),
        maximum=st.none() | st.floats(0, 1e9),
    ),
    st.builds(
        FieldSpec,
        type=st.sampled_from([FieldType.BOOLEAN, FieldType.DATE]),
        description=st.text(min_size=1, max_size=20),
        enum=st.none(),
        minimum=st.none(),
        maximum=st.none(),
    ),
)
_values = st.none() | st.booleans() | st.integers() | _finite | _texts | st.lists(_texts).map(tuple)

_counts = st.none() | st.integers(1, 500)
_costs = st.none() | st.floats(0.001, 1e6)
_templates = st.builds(
    Template,
    content_sid=st.just("HX" + "0" * 32),
    variables=st.dictionaries(_texts, _texts, max_size=2),
)

_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "extraction_schema": st.dictionaries(_names, _specs, min_size=1, max_size=4),
    "cost_usd": _costs,
    "slots": st.lists(_instants, max_size=3).map(tuple),
    "due": _instants,
    "until": st.none() | _instants,
    "outreach": st.builds(
        Outreach,
        rate_per_minute=st.none() | st.floats(0.1, 100),
        expire_after_hours=st.floats(1, 100),
        target_completes=_counts,
    ),
    "limits": st.builds(
        Limits,
        probes_per_field=st.integers(0, 10),
        turns=_counts,
        tokens=_counts,
        cost_usd=_costs,
        campaign_cost_usd=_costs,
    ),
    "opening": st.none()
    | st.builds(Opening, text=st.text(min_size=1, max_size=40), template=st.none() | _templates),
    "template": st.none() | _templates,
    "value": _values,
}
"""Where a field needs more than its type says."""


st.register_type_strategy(float, _finite)  # events hold no other floats


def _any_of(model: type[Event]) -> st.SearchStrategy[Event]:
    own = {name: strategy for name, strategy in _FIELDS.items() if name in model.model_fields}
    rest = {
        name: st.from_type(cast("type[Any]", field.annotation))
        for name, field in model.model_fields.items()
        if name not in own and field.annotation is not None
    }
    return st.builds(model, **own, **rest)


any_event = st.one_of([_any_of(model) for model in CATALOGUE])
"""Any event that the catalogue knows."""

_MESSAGE_IDS = ("m1", "m2", "m3", sid(1))
_message_ids = st.sampled_from(_MESSAGE_IDS)
_sids = st.integers(1, 4).map(sid)


def sends_of(*message_ids: str) -> st.SearchStrategy[Event]:
    """Anything that may become of one of these messages."""
    ids = st.sampled_from(message_ids)
    return st.one_of(
        st.builds(DeliveryStatusChanged, message_id=ids, message_sid=_sids),
        st.builds(SendStarted, message_id=ids),
        st.builds(MessageSent, message_id=ids, message_sid=_sids),
        st.builds(SendPostponed, message_id=ids, reason=_texts),
        st.builds(MessageFailed, message_id=ids, reason=_texts),
        st.builds(MessageSuppressed, message_id=ids),
    )


conversation_event: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        MessageReceived,
        message_sid=_sids,
        participant=st.just(ANNA),
        text=_texts,
        opt_out=st.none() | st.sampled_from(OptOutSource),
        opt_in=st.just(value=False),
        media=st.just(()),
    ),
    st.builds(ConversationStarted, participant=st.just(ANNA)),
    st.builds(TurnTaken, answers=st.lists(_sids, max_size=3).map(tuple)),
    st.builds(
        MediaTranscribed,
        message_sid=_sids,
        text=st.none() | _texts,
        opt_out=st.none() | st.sampled_from(OptOutSource),
        cost_usd=_costs,
    ),
    st.builds(ExtractionRecorded, field=_names, value=_values, quote=_texts, message_sid=_sids),
    st.builds(MessageComposed, message_id=_message_ids, text=_texts),
    st.builds(ConversationEnded, reason=st.sampled_from(EndReason)),
    sends_of(*_MESSAGE_IDS),
)
"""Any event of a conversation's lanes but an opt-in, about few enough messages for them to meet."""

histories = st.lists(conversation_event, max_size=25)
"""Any history of a conversation, most of them absurd."""
