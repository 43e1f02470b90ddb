"""Whether a webhook comes from Twilio. The only module of ingress that knows Twilio's SDK."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from twilio.request_validator import RequestValidator

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADER = "x-twilio-signature"


class Signature:
    """Checks signatures over the public URL.

    That URL is configured: behind a proxy the request's own is another.
    """

    def __init__(self, auth_token: str, public_url: str) -> None:
        self._validator = RequestValidator(auth_token)
        self._public_url = public_url

    def holds(self, target: str, form: Mapping[str, str], signature: str) -> bool:
        """Whether the signature was made with our token.

        Args:
            target: path and query exactly as they were received.
            form: the parameters of the body, blank and unknown ones included.
            signature: what the request's header says.
        """
        url, parameters = self._public_url + target, _Parameters(form)
        made = self._validator.compute_signature(url, parameters)
        if hmac.compare_digest(made.encode(), signature.encode()):
            return True
        # Twilio may have signed the default port, too; the SDK tries both, at twice the price.
        return bool(self._validator.validate(url, parameters, signature))


class _Parameters(dict[str, str]):
    """Parameters as the SDK asks for them first: a plain dict costs it two exceptions each."""

    def getall(self, name: str) -> list[str]:
        """All values of a parameter."""
        return [self[name]]
