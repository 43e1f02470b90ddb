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
    return f"{key.id}.{base64.b64encode(seal_bytes(plain, key, context)).decode()}"


def seal_bytes(plain: bytes, key: DataKey, context: str) -> bytes:
    """The sealed form of many bytes; as `seal`, but nothing in it tells of the key."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key.secret).encrypt(nonce, plain, context.encode())


def key_id_of(sealed: str) -> str:
    """The id of the key with which it was sealed."""
    return sealed.partition(".")[0]


def unseal(sealed: str, key: DataKey, context: str) -> bytes:
    """What was sealed.

    Raises:
        ValueError: it was not sealed with this key, or not in this context.
    """
    return unseal_bytes(base64.b64decode(sealed.partition(".")[2], validate=True), key, context)


def unseal_bytes(raw: bytes, key: DataKey, context: str) -> bytes:
    """What was sealed by `seal_bytes`. Raises like `unseal`."""
    try:
        return AESGCM(key.secret).decrypt(raw[:_NONCE], raw[_NONCE:], context.encode())
    except InvalidTag:
        raise ValueError("sealed with another key, or for another event") from None
