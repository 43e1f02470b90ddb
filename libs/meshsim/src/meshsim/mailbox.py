"""All messages that the simulated Twilio knows, and the questions that may be asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from urllib.parse import urlencode

from meshsim.twilio_wire import API_VERSION, Message

_DEFAULT_PAGE = 50
_LARGEST_PAGE = 1000


@dataclass(frozen=True)
class _Span:
    """The seconds that a date filter names: one of them, or a whole day."""

    first: datetime
    last: datetime


@dataclass(frozen=True)
class Filter:
    """The filters of Twilio's message list; those that are None let everything through."""

    to: str | None = None
    sender: str | None = None
    on: _Span | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None

    def admits(self, message: Message) -> bool:
        """Say whether a message passes. Times compare to the second, both ends included.

        A message that has not left yet counts by the time of its creation.
        """
        moment = (message.sent or message.created).replace(microsecond=0)
        return (
            (self.to is None or message.to == self.to)
            and (self.sender is None or message.sender == self.sender)
            and (self.on is None or self.on.first <= moment <= self.on.last)
            and (self.not_before is None or moment >= self.not_before)
            and (self.not_after is None or moment <= self.not_after)
        )


def parse_filter(query: Mapping[str, str]) -> Filter:
    """Read the filters of a list request.

    `DateSent` means the whole day, whatever the time in it: the clients always send one.

    Raises:
        ValueError: when a date is neither `YYYY-MM-DD` nor an ISO 8601 time.
    """
    on = query.get("DateSent")
    after, before = _span(query.get("DateSent>")), _span(query.get("DateSent<"))
    return Filter(
        to=query.get("To"),
        sender=query.get("From"),
        on=_span(on.partition("T")[0]) if on else None,
        not_before=after.first if after else None,
        not_after=before.last if before else None,
    )


def _span(text: str | None) -> _Span | None:
    if not text:
        return None
    if "T" not in text:
        start = datetime.combine(date.fromisoformat(text), time(), UTC)
        return _Span(start, start + timedelta(days=1, seconds=-1))
    moment = datetime.fromisoformat(text)
    moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).replace(microsecond=0)
    return _Span(moment, moment)


class Mailbox:
    """The messages by sid and by recipient, in the order in which they came to be."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Message] = {}
        self._by_recipient: dict[str, list[Message]] = {}

    def add(self, message: Message) -> None:
        """Keep a message; one with a known sid takes the place of the former."""
        self._by_sid[message.sid] = message
        self._by_recipient.setdefault(message.to, []).append(message)

    def get(self, sid: str) -> Message | None:
        """Return the message with this sid, if there is one."""
        return self._by_sid.get(sid)

    def matching(self, wanted: Filter, older_than: float) -> list[Message]:
        """Return what passes, newest first, created at least `older_than` seconds ago."""
        latest = datetime.now(UTC) - timedelta(seconds=older_than)
        pool: Iterable[Message] = self._by_sid.values()
        if wanted.to is not None:
            pool = self._by_recipient.get(wanted.to, [])
        found = [m for m in pool if m.created <= latest and wanted.admits(m)]
        return found[::-1]


def page_size(query: Mapping[str, str]) -> int:
    """Return the page size asked for, within Twilio's limits."""
    asked = query.get("PageSize", "")
    return min(max(int(asked), 1), _LARGEST_PAGE) if asked.isdigit() else _DEFAULT_PAGE


def page_of(found: list[Message], query: Mapping[str, str], account_sid: str) -> dict[str, object]:
    """Return one page of a list in Twilio's envelope, with the links to its neighbours.

    `PageToken` is the sid after which the page starts, so that messages which arrive between two
    requests move nothing.
    """
    size = page_size(query)
    sids = [message.sid for message in found]
    token = query.get("PageToken", "").removeprefix("PA")
    start = sids.index(token) + 1 if token in sids else 0
    shown = found[start : start + size]
    number = int(query.get("Page") or 0) if (query.get("Page") or "0").isdigit() else 0
    kept = {k: v for k, v in query.items() if k not in {"Page", "PageToken", "PageSize"}}
    path = f"/{API_VERSION}/Accounts/{account_sid}/Messages.json"

    def link(page: int, after: str | None) -> str:
        extra = {"PageToken": f"PA{after}"} if after else {}
        return f"{path}?{urlencode({**kept, 'PageSize': size, 'Page': page, **extra})}"

    more = start + size < len(found)
    before = sids[start - size - 1] if start > size else None
    return {
        "end": max(start + len(shown) - 1, 0),
        "first_page_uri": link(0, None),
        "messages": [message.on_the_wire() for message in shown],
        "next_page_uri": link(number + 1, shown[-1].sid) if more else None,
        "page": number,
        "page_size": size,
        "previous_page_uri": link(max(number - 1, 0), before) if start else None,
        "start": start,
        "uri": link(number, token or None),
    }
