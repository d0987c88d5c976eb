"""Ed25519 keys that sign records, with the public keys that are trusted."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, Self

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from airflow_mlsecops.core.errors import LedgerError, LedgerTampered, PolicyError, SettingsError
from airflow_mlsecops.ledger.secret_file import secret_file
from airflow_mlsecops.ledger.signatures import signed_by

LOCAL_PREFIX = "local-"
SECRET_BYTES = 32


class Signer(Protocol):
    """Signs records; the private key may live elsewhere, as in a KMS."""

    @property
    def key_id(self) -> str:
        """Name of the key, as the keyring knows it."""

    @property
    def public_pem(self) -> bytes:
        """The public key, PEM."""

    def sign(self, data: bytes) -> bytes:
        """Ed25519 signature of ``data`` (RFC 8032)."""


@dataclass(frozen=True)
class PrivateKeySigner:
    """Signs with a private key held in memory; its repr shows the key's name alone."""

    key_id: str
    _key: Ed25519PrivateKey = field(repr=False)

    @classmethod
    def from_pem(cls, pem: bytes, key_id: str | None = None) -> Self:
        """Read a private key.

        :param pem: PKCS8, unencrypted (``openssl genpkey -algorithm ed25519``)
        :param key_id: its name in the policy folder's ``keys/``; without it, derived from the public key
        :raises SettingsError: ``KEY_INVALID``, never repeating any of ``pem``
        """
        key = _private_key(pem)
        return cls(key_id or f"ed25519-{_digest(key.public_key())[:16]}", key)

    @property
    def public_pem(self) -> bytes:
        """The public key, as a file for the policy folder's ``keys/``."""
        return self._key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )

    def sign(self, data: bytes) -> bytes:
        """Ed25519 signature of ``data`` (RFC 8032)."""
        return self._key.sign(data)


def local_signer(folder: Path) -> PrivateKeySigner:
    """Open this host's own key, made on first use: trusted on this host only.

    :param folder: created with mode 0700 if it is not there
    :raises SettingsError: if the key cannot be made or read, or others can read it
    """
    key = _private_key(secret_file(folder / "signing.key", _new_private_key))
    return PrivateKeySigner(LOCAL_PREFIX + _digest(key.public_key())[:8], key)


def fingerprint_secret(folder: Path) -> bytes:
    """Open this host's own secret for fingerprints, 32 bytes made on first use.

    :raises SettingsError: if it cannot be made or read, or others can read it
    """
    return _secret(folder / "fingerprint.key", "fingerprints in older records will then no longer match")


def pseudonym_secret(folder: Path) -> bytes:
    """Open this host's own secret for pseudonyms, 32 bytes made on first use.

    :raises SettingsError: if it cannot be made or read, or others can read it
    """
    return _secret(folder / "pseudonym.key", "what was pseudonymised before can then no longer be joined")


def _secret(path: Path, cost: str) -> bytes:
    secret = secret_file(path, _new_secret)
    if len(secret) != SECRET_BYTES:
        raise SettingsError(
            f"{path} holds {len(secret)} bytes, expected {SECRET_BYTES}: restore it from a backup, or remove it to "
            f"have a new one made ({cost})",
            code="KEY_INVALID",
        )
    return secret


@dataclass(frozen=True)
class TrustedKey:
    """A public key with the time it is trusted for; both ends belong to it."""

    key_id: str
    key: Ed25519PublicKey = field(repr=False)
    since: datetime | None = None
    until: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """True if the key is trusted at that moment."""
        return (self.since is None or self.since <= at) and (self.until is None or at <= self.until)

    def verify(self, data: bytes, signature: bytes) -> bool:
        """True if ``signature`` is this key's over ``data``."""
        return signed_by(self.key, data, signature)


@dataclass(frozen=True)
class Keyring:
    """The public keys that are trusted, by name."""

    keys: Mapping[str, TrustedKey] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, pems: Mapping[str, bytes]) -> Self:
        """Read the policy folder's public keys.

        :param pems: by file name, with or without ``.pub``; lines ``# valid-from: 2026-01-01`` or
            ``# valid-until: 2026-12-31`` (that day included, UTC; or a moment with its offset) bound the trust
        :raises PolicyError: ``KEY_INVALID`` naming the file
        """
        keys: dict[str, TrustedKey] = {}
        for file, pem in pems.items():
            key = _trusted_key(file.removesuffix(".pub"), pem)
            # One key under two names would live on under the name that does not expire.
            twin = next((k.key_id for k in keys.values() if k.key_id == key.key_id or k.key == key.key), None)
            if twin is not None:
                raise _bad_file(key.key_id, f"holds the same key or has the same name as keys/{twin}.pub: keep one")
            keys[key.key_id] = key
        return cls(MappingProxyType(keys))

    def with_signer(self, signer: Signer) -> Keyring:
        """This keyring, trusting that signer's key as well; a key that is already there keeps its dates.

        :raises SettingsError: ``KEY_CONFLICT`` if its name belongs to another key
        """
        key = _trusted_key(signer.key_id, signer.public_pem)
        known = self.keys.get(key.key_id)
        if known is None:
            return Keyring(MappingProxyType({**self.keys, key.key_id: key}))
        if known.key != key.key:
            raise SettingsError(
                f"the signing key calls itself {key.key_id}, which is the name of another key in the policy folder",
                code="KEY_CONFLICT",
            )
        return self

    def name_of(self, private_pem: bytes) -> str | None:
        """Name under which the public half of a private key is trusted, if it is.

        :raises SettingsError: ``KEY_INVALID`` if it is no Ed25519 private key
        """
        public = _private_key(private_pem).public_key()
        return next((name for name, key in self.keys.items() if key.key == public), None)

    def trusted(self, key_id: str, at: datetime) -> TrustedKey:
        """The key of that name, trusted at that moment.

        :raises LedgerTampered: ``KEY_NOT_TRUSTED``
        """
        key = self.keys.get(key_id)
        if key is None or not key.covers(at):
            why = "is not in the policy folder's keys/" if key is None else "is not trusted at the record's time"
            raise LedgerTampered(f"key {key_id} {why}", code="KEY_NOT_TRUSTED")
        return key

    def verify(self, key_id: str, at: datetime, data: bytes, signature: bytes) -> bool:
        """True if ``signature`` over ``data`` is by that key.

        :raises LedgerTampered: ``KEY_NOT_TRUSTED`` if the key is unknown, or not trusted at that moment
        """
        return self.trusted(key_id, at).verify(data, signature)

    def require(self, key_id: str, at: datetime | None = None) -> None:
        """Refuse to go on with a key whose records nobody could read back.

        :param at: now, if not given
        :raises SettingsError: ``KEY_NOT_TRUSTED``
        """
        try:
            self.trusted(key_id, at or datetime.now(UTC))
        except LedgerError as error:
            raise SettingsError(
                f"records would be signed by a key that is not trusted: {error}; have keys/{key_id}.pub reviewed "
                "into the policy folder, or mend its dates",
                code="KEY_NOT_TRUSTED",
            ) from None


def _private_key(pem: bytes) -> Ed25519PrivateKey:
    # Connections set through environment variables often carry the two characters \n for a line's end.
    text = pem.replace(b"\\n", b"\n")
    try:
        key = serialization.load_pem_private_key(text, password=None)
    except TypeError:
        raise _bad_private_key("it is encrypted: store it decrypted, Airflow encrypts the field itself") from None
    except (ValueError, UnsupportedAlgorithm):
        raise _bad_private_key("it could not be parsed") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _bad_private_key("it is of another algorithm")
    return key


def _bad_private_key(why: str) -> SettingsError:
    return SettingsError(
        f"the signing key is no PKCS8 PEM of an Ed25519 private key: {why}; make one with "
        "`openssl genpkey -algorithm ed25519`",
        code="KEY_INVALID",
    )


def _trusted_key(key_id: str, pem: bytes) -> TrustedKey:
    lines = pem.splitlines()
    comments = [line.lstrip(b"#").strip() for line in lines if line.lstrip().startswith(b"#")]
    body = b"\n".join(line for line in lines if not line.lstrip().startswith(b"#")) + b"\n"
    try:
        key = serialization.load_pem_public_key(body)
    except (ValueError, UnsupportedAlgorithm):
        raise _bad_file(key_id, "is no PEM of a public key: make it with `openssl pkey -pubout`") from None
    if not isinstance(key, Ed25519PublicKey):
        raise _bad_file(key_id, "is of another algorithm, expected Ed25519")
    dates = _dates(key_id, comments)
    since, until = dates.get("valid-from"), dates.get("valid-until")
    if since and until and until < since:
        raise _bad_file(key_id, "is valid until a moment before it is valid from")
    return TrustedKey(key_id, key, since, until)


def _dates(key_id: str, comments: list[bytes]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for comment in comments:
        name, _, value = comment.decode("utf-8", "replace").partition(":")
        if not name.lower().startswith("valid"):
            continue
        # A key with a misspelt end would be trusted for ever.
        if name not in ("valid-from", "valid-until") or name in found:
            raise _bad_file(
                key_id, "has a line on validity that is misspelt or twice: expected valid-from, valid-until"
            )
        found[name] = _moment(key_id, name, value.strip())
    return found


def _moment(key_id: str, name: str, text: str) -> datetime:
    try:
        if len(text) == len("2026-01-01"):
            return datetime.combine(date.fromisoformat(text), time.min if name == "valid-from" else time.max, UTC)
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _bad_file(key_id, f"has a {name} that is no ISO 8601 date") from None
    if moment.tzinfo is None:
        raise _bad_file(key_id, f"has a {name} without an offset: end it with Z or +00:00")
    return moment


def _bad_file(key_id: str, why: str) -> PolicyError:
    return PolicyError(f"keys/{key_id}.pub {why}", code="KEY_INVALID")


def _digest(key: Ed25519PublicKey) -> str:
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()


def _new_private_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _new_secret() -> bytes:
    import secrets

    return secrets.token_bytes(SECRET_BYTES)
