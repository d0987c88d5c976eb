"""Keys: who signs, who is believed, and which files are refused."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing.context import BaseContext
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed448
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from airflow_mlsecops.core.errors import LedgerTampered, PolicyError, SettingsError
from airflow_mlsecops.ledger.keys import Keyring, PrivateKeySigner, fingerprint_secret, local_signer
from tests.ledger.make import a_private_pem, a_signer
from tests.ledger.workers import first_use

PKCS8 = serialization.PrivateFormat.PKCS8
PEM = serialization.Encoding.PEM
PLAIN = serialization.NoEncryption()
PRIVATE = a_private_pem()
SIGNER = PrivateKeySigner.from_pem(PRIVATE)
OTHER = a_signer("other")


def public_of_other_algorithm() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


NO_PRIVATE_KEYS = {
    "empty": b"",
    "text": b"hunter2",
    "public": SIGNER.public_pem,
    "elliptic": ec.generate_private_key(ec.SECP256R1()).private_bytes(PEM, PKCS8, PLAIN),
    "ed448": ed448.Ed448PrivateKey.generate().private_bytes(PEM, PKCS8, PLAIN),
    "encrypted": Ed25519PrivateKey.generate().private_bytes(
        PEM, PKCS8, serialization.BestAvailableEncryption(b"secret")
    ),
    "cut": PRIVATE[:-40],
    "one letter off": PRIVATE.replace(b"MC4CAQ", b"MC4CAR"),
}


@pytest.mark.parametrize("name", NO_PRIVATE_KEYS)
def test_what_is_no_private_key_is_refused_and_not_repeated(name: str) -> None:
    pem = NO_PRIVATE_KEYS[name]
    with pytest.raises(SettingsError) as caught:
        PrivateKeySigner.from_pem(pem)
    assert caught.value.code == "KEY_INVALID"
    assert caught.value.__cause__ is None
    secret_lines = [line for line in pem.decode().splitlines() if line and not line.startswith("-")]
    assert not [line for line in secret_lines if line in str(caught.value)]


@pytest.mark.parametrize(
    "pem", [PRIVATE, PRIVATE.replace(b"\n", b"\r\n"), PRIVATE.replace(b"\n", b"\\n"), PRIVATE.strip()]
)
def test_a_private_key_is_read_as_connections_carry_it(pem: bytes) -> None:
    signer = PrivateKeySigner.from_pem(pem)
    assert signer == PrivateKeySigner(SIGNER.key_id, signer._key)
    assert signer.public_pem == SIGNER.public_pem
    assert signer.key_id.startswith("ed25519-")
    assert PrivateKeySigner.from_pem(pem, "prod-1").key_id == "prod-1"


def test_repr_shows_the_name_alone() -> None:
    assert repr(a_signer("prod-1")) == "PrivateKeySigner(key_id='prod-1')"


WRONG_FILES = {
    "not a key": b"hello",
    "private": PRIVATE,
    "elliptic": public_of_other_algorithm(),
    "misspelt end": b"# valid-untill: 2026-01-01\n" + SIGNER.public_pem,
    "underscore": b"# valid_until: 2026-01-01\n" + SIGNER.public_pem,
    "upper case": b"# Valid-Until: 2026-01-01\n" + SIGNER.public_pem,
    "no date": b"# valid-until: soon\n" + SIGNER.public_pem,
    "no such day": b"# valid-until: 2026-02-30\n" + SIGNER.public_pem,
    "no offset": b"# valid-until: 2026-01-01T00:00:00\n" + SIGNER.public_pem,
    "empty date": b"# valid-from:\n" + SIGNER.public_pem,
    "twice": b"# valid-until: 2026-01-01\n# valid-until: 2099-01-01\n" + SIGNER.public_pem,
    "backwards": b"# valid-from: 2026-01-02\n# valid-until: 2026-01-01\n" + SIGNER.public_pem,
}


@pytest.mark.parametrize("name", WRONG_FILES)
def test_a_wrong_key_file_is_named(name: str) -> None:
    with pytest.raises(PolicyError, match=r"keys/prod-1\.pub") as caught:
        Keyring.of({"prod-1.pub": WRONG_FILES[name]})
    assert caught.value.code == "KEY_INVALID"


@pytest.mark.parametrize("names", [("a.pub", "b.pub"), ("a", "a.pub")])
def test_one_key_has_one_name(names: tuple[str, str]) -> None:
    with pytest.raises(PolicyError, match="keep one"):
        Keyring.of(dict.fromkeys(names, SIGNER.public_pem))


DATES = [  # comment lines, moment, trusted
    ("", "1999-01-01T00:00:00Z", True),
    ("# rotated by security\n", "2026-01-01T00:00:00Z", True),
    ("# valid-from: 2026-01-01\n", "2025-12-31T23:59:59.999999Z", False),
    ("# valid-from: 2026-01-01\n", "2026-01-01T00:00:00Z", True),
    ("# valid-until: 2026-01-01\n", "2026-01-01T23:59:59.999999Z", True),
    ("# valid-until: 2026-01-01\n", "2026-01-02T00:00:00Z", False),
    ("# valid-until: 2026-01-01\n", "2026-01-01T23:30:00-01:00", False),
    ("#valid-until:2026-01-01T12:00:00+02:00\n", "2026-01-01T10:00:00Z", True),
    ("#valid-until:2026-01-01T12:00:00+02:00\n", "2026-01-01T10:00:01Z", False),
    ("# valid-from: 2026-01-01\n# valid-until: 2026-01-01\n", "2026-01-01T12:00:00Z", True),
    ("# valid-until: 9999-12-31\n", "2026-01-01T12:00:00Z", True),
]


@pytest.mark.parametrize(("comments", "at", "trusted"), DATES)
def test_a_key_is_trusted_between_its_dates(comments: str, at: str, trusted: bool) -> None:
    keyring = Keyring.of({"prod-1.pub": comments.encode() + SIGNER.public_pem})
    moment = datetime.fromisoformat(at)
    if trusted:
        assert keyring.verify("prod-1", moment, b"data", SIGNER.sign(b"data"))
        assert not keyring.verify("prod-1", moment, b"date", SIGNER.sign(b"data"))
        assert not keyring.verify("prod-1", moment, b"data", OTHER.sign(b"data"))
        assert not keyring.verify("prod-1", moment, b"data", b"")
        return
    with pytest.raises(LedgerTampered) as caught:
        keyring.trusted("prod-1", moment)
    assert caught.value.code == "KEY_NOT_TRUSTED"


def test_a_comment_that_may_mean_validity_is_refused() -> None:
    with pytest.raises(PolicyError):
        Keyring.of({"a": b"# valid: until 2026\n" + SIGNER.public_pem})


def test_a_keyring_finds_the_name_of_a_private_key() -> None:
    keyring = Keyring.of({"prod-1.pub": SIGNER.public_pem})
    assert keyring.name_of(PRIVATE) == "prod-1"
    assert keyring.name_of(a_private_pem()) is None


def test_a_signer_joins_a_keyring_unless_its_name_is_taken() -> None:
    now = datetime.now(UTC)
    keyring = Keyring.of({"prod-1.pub": b"# valid-until: 2020-01-01\n" + SIGNER.public_pem})
    assert keyring.with_signer(OTHER).verify("other", now, b"x", OTHER.sign(b"x"))
    again = keyring.with_signer(PrivateKeySigner.from_pem(PRIVATE, "prod-1"))
    with pytest.raises(LedgerTampered):  # its dates stay
        again.trusted("prod-1", now)
    with pytest.raises(SettingsError, match="another key"):
        keyring.with_signer(a_signer("prod-1"))


def test_a_key_must_be_trusted_to_be_required() -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC)
    keyring = Keyring.of({"prod-1.pub": b"# valid-until: 2026-01-01\n" + SIGNER.public_pem})
    keyring.require("prod-1", day)
    for key_id, at in (("prod-1", day + timedelta(days=1)), ("prod-2", day), ("prod-1", None)):
        with pytest.raises(SettingsError) as caught:
            keyring.require(key_id, at)
        assert caught.value.code == "KEY_NOT_TRUSTED"


def test_those_who_come_first_together_agree_on_one_key(tmp_path: Path, processes: BaseContext) -> None:
    with ProcessPoolExecutor(8, mp_context=processes) as pool:
        found = set(pool.map(first_use, [tmp_path / "home"] * 32))
    assert len(found) == 1
    assert next(iter(found))[0].startswith("local-")
    assert sorted(path.name for path in (tmp_path / "home").iterdir()) == ["fingerprint.key", "signing.key"]
    assert {oct(path.stat().st_mode & 0o777) for path in (tmp_path / "home").iterdir()} == {"0o600"}
    assert (tmp_path / "home").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o777])
@pytest.mark.parametrize("name", ["signing.key", "fingerprint.key"])
def test_a_secret_that_others_can_touch_is_refused(tmp_path: Path, name: str, mode: int) -> None:
    first_use(tmp_path)
    (tmp_path / name).chmod(mode)
    with pytest.raises(SettingsError, match="chmod 600") as caught:
        first_use(tmp_path)
    assert caught.value.code == "KEY_FILE_EXPOSED"


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_a_secret_of_its_owner_alone_is_read(tmp_path: Path, mode: int) -> None:
    before = first_use(tmp_path)
    (tmp_path / "signing.key").chmod(mode)
    assert first_use(tmp_path) == before


def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    first_use(tmp_path / "theirs")
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "signing.key").symlink_to(tmp_path / "theirs" / "signing.key")
    with pytest.raises(SettingsError):
        local_signer(tmp_path / "ours")


@pytest.mark.parametrize("held", [b"", b"x" * 31, b"x" * 33])
def test_a_damaged_secret_is_refused(tmp_path: Path, held: bytes) -> None:
    for name in ("fingerprint.key", "signing.key"):
        (tmp_path / name).write_bytes(held)
        (tmp_path / name).chmod(0o600)
    with pytest.raises(SettingsError):
        fingerprint_secret(tmp_path)
    with pytest.raises(SettingsError):
        local_signer(tmp_path)


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError) as caught:
        local_signer(tmp_path / "file" / "home")
    assert caught.value.code == "KEY_FILE"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_secret_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first_use(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 4242)
    with pytest.raises(SettingsError, match="another user"):
        local_signer(tmp_path)
