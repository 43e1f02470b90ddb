"""What may go wrong in the messaging network."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from meshsim.faults import Fault
from meshsim.twilio_wire import address_of


class NetworkFault(Fault):
    """What may go wrong with a create, with an inbound webhook or with a file.

    - rate_limited: 429 with code 20429.
    - server_error: `status` (503), `when` before or after the message was accepted.
    - hang: no answer for `seconds`; `when` after: the message was accepted first; before: it is
      accepted afterwards only if the client is still there; late: it is accepted afterwards even
      if the client has gone.
    - reject: HTTP `refused_with` (400) with `code`.
    - fail: accepted, then a status callback `outcome` (failed or undelivered) with `code`.
    - duplicate_webhooks: inbound webhooks are sent `copies` times at once.
    - media_missing: the file of an inbound message is not there (404).
    - media_error: it cannot be had: `status` (503).
    """

    kind: Literal[
        "rate_limited",
        "server_error",
        "hang",
        "reject",
        "fail",
        "duplicate_webhooks",
        "media_missing",
        "media_error",
    ]
    to: str | None = Field(default=None, description="only for this participant's address")
    sender: str | None = Field(
        default=None, description="only for what this address or messaging service sends"
    )
    when: Literal["before", "after", "late"] = "before"
    status: int = Field(default=503, ge=500, le=599)
    seconds: float = Field(default=30.0, ge=0)
    code: int = 63016
    refused_with: int = Field(default=400, ge=400, le=499)
    outcome: Literal["failed", "undelivered"] = "failed"
    copies: int = Field(default=2, ge=2)

    def concerns(self, address: str, sender: str | None = None) -> bool:
        """Say whether the fault may strike a message from or to this participant's address.

        Of a message that the service sends, `sender` is its own address or messaging service.
        """
        of_sender = self.sender is None or (
            sender is not None and address_of(self.sender) == address_of(sender)
        )
        return of_sender and (self.to is None or address_of(self.to) == address_of(address))
