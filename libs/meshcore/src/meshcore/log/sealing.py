"""Sealed payloads: the personal part of an event, encrypted with its owner's key (AES-256-GCM).

A stored event with personal data has, beside `data`, a `sealed` part: the id of the key, a nonce
and the encrypted JSON of the personal fields. Everything else stays readable, so that a history
whose key is gone still folds to the same states, counts and orders.
"""

from __future__ import annotations

import base64
import os
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from meshcore.log.data_keys import DataKey

_NONCE = 12


def seal(plain: bytes, key: DataKey, context: str) -> str:
    """The sealed form of some bytes.

    Args:
        plain: what nobody else is to read.
        key: the owner's.
        context: what they belong to; nobody can pass them off as part of something else.
    """
    nonce = os.urandom(_NONCE)
    sealed = nonce + AESGCM(key.secret).encrypt(nonce, plain, context.encode())
    return f"{key.id}.{base64.b64encode(sealed).decode()}"


def key_id_of(sealed: str) -> str:
    """The id of the key with which it was sealed."""
    return sealed.partition(".")[0]


def unseal(sealed: str, key: DataKey, context: str) -> bytes:
    """What was sealed.

    Raises:
        ValueError: it was not sealed with this key, or not in this context.
    """
    raw = base64.b64decode(sealed.partition(".")[2], validate=True)
    try:
        return AESGCM(key.secret).decrypt(raw[:_NONCE], raw[_NONCE:], context.encode())
    except InvalidTag:
        raise ValueError("sealed with another key, or for another event") from None
