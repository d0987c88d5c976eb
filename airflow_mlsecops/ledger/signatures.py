"""Whether a signature is by a key; asked again, it is not computed again: it is most of what a page takes."""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_SIGNATURE, _HASH = 64, 64


def signed_by(key: Ed25519PublicKey, data: bytes, signature: bytes) -> bool:
    """True if the signature is that key's over the data."""
    if len(signature) != _SIGNATURE or len(data) != _HASH:  # however much somebody wrote there, it is not kept
        return _verify(key, data, signature)
    return _remembered(key.public_bytes_raw(), data, signature)


@lru_cache(maxsize=16_384)
def _remembered(key: bytes, data: bytes, signature: bytes) -> bool:
    return _verify(Ed25519PublicKey.from_public_bytes(key), data, signature)


def _verify(key: Ed25519PublicKey, data: bytes, signature: bytes) -> bool:
    try:
        key.verify(signature, data)
    except InvalidSignature:
        return False
    return True
