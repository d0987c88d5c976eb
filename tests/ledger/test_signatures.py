"""A signature that was verified before is remembered as what it was, for that key and those bytes alone."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from airflow_mlsecops.ledger.signatures import _remembered, signed_by

DATA = b"a" * 64


@pytest.mark.parametrize("data", [DATA, b"", b"longer" * 100])
def test_a_signature_is_true_of_its_own_key_and_data_alone(data: bytes) -> None:
    key, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate().public_key()
    signature = key.sign(data)
    for _ in range(2):
        assert signed_by(key.public_key(), data, signature)
        assert not signed_by(other, data, signature)
        assert not signed_by(key.public_key(), data[:-1] + b"b", signature)
        assert not signed_by(key.public_key(), data, signature[:-1] + bytes([signature[-1] ^ 1]))
        assert not signed_by(key.public_key(), data, b"")


def test_what_is_no_hash_is_not_remembered() -> None:
    key, before = Ed25519PrivateKey.generate(), _remembered.cache_info().currsize
    assert not signed_by(key.public_key(), b"x" * 1_000_000, bytes(64))
    assert not signed_by(key.public_key(), DATA, b"x" * 1_000_000)
    assert _remembered.cache_info().currsize == before
