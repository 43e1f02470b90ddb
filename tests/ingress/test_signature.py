"""Signatures hold for what Twilio sends, by Twilio's own example."""

from __future__ import annotations

import pytest

from mesh_ingress.signature import Signature

TARGET = "/myapp.php?foo=1&bar=2"
FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675310",
    "Digits": "1234",
    "From": "+14158675310",
    "To": "+18005551212",
}
DOCUMENTED = "L/OH5YylLD5NRKLltdqwSvS0BnU="


@pytest.mark.parametrize(
    "public_url",
    ["https://example.com", "https://example.com:443"],
)
def test_twilios_documented_signature_holds(public_url: str) -> None:
    """The example of Twilio's security page, with and without the default port."""
    assert Signature("12345", public_url).holds(TARGET, FORM, DOCUMENTED)


@pytest.mark.parametrize(
    ("token", "public_url", "target", "form", "signature"),
    [
        ("12346", "https://example.com", TARGET, FORM, DOCUMENTED),
        ("12345", "http://example.com", TARGET, FORM, DOCUMENTED),
        ("12345", "https://example.com", "/myapp.php?foo=1&bar=3", FORM, DOCUMENTED),
        ("12345", "https://example.com", TARGET, {**FORM, "Digits": "1235"}, DOCUMENTED),
        ("12345", "https://example.com", TARGET, {**FORM, "Empty": "", "X": "1"}, DOCUMENTED),
        ("12345", "https://example.com", TARGET, FORM, DOCUMENTED.lower()),
        ("12345", "https://example.com", TARGET, FORM, "ü"),
        ("12345", "https://example.com", TARGET, FORM, ""),
    ],
)
def test_any_other_token_request_or_signature_does_not_hold(
    token: str, public_url: str, target: str, form: dict[str, str], signature: str
) -> None:
    """Everything that is signed counts."""
    assert not Signature(token, public_url).holds(target, form, signature)
