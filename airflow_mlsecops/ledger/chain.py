"""An entry as a row, with everything that must agree for it to be believed."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import ValidationError

from airflow_mlsecops.core.errors import LedgerError, LedgerTampered
from airflow_mlsecops.core.record import Entry, Record, canonical, chain_hash
from airflow_mlsecops.ledger.keys import Keyring, Signer
from airflow_mlsecops.ledger.verification import Head, Problem

Row = Mapping[str, Any]


def read_back(record: Record) -> tuple[Record, bytes]:
    """A record as it reads back, and its bytes, which are signed.

    :raises LedgerError: ``RECORD_INVALID`` if it would not read back as it is (a float that JSON cannot hold, for one)
    """
    try:
        payload = canonical(record)
        same = Record.model_validate_json(payload)
    except ValueError:  # pydantic's ValidationError is one
        same = None
    if same is None or same != record:
        raise LedgerError(f"record {record.id} cannot be written as JSON and read back as it is", code="RECORD_INVALID")
    return same, payload


def entry_of(record: Record, payload: bytes, head: Head, signer: Signer, keyring: Keyring) -> Entry:
    """Sign a record into its place after ``head``.

    :raises LedgerError: ``KEY_NOT_TRUSTED`` if nobody could read it back
    """
    sequence = head.sequence + 1
    digest = chain_hash(sequence, head.hash, signer.key_id, payload)
    signature = signer.sign(digest.encode())
    if not _readable(keyring, signer.key_id, record.time, digest, signature):
        raise LedgerError(
            f"the ledger would not believe a record signed by {signer.key_id}: its public key is not in the policy "
            f"folder's keys/ for this moment, or is another key; have "
            f"keys/{signer.key_id}.pub reviewed into the policy folder",
            code="KEY_NOT_TRUSTED",
        )
    encoded = base64.b64encode(signature).decode()
    return Entry(
        record=record, sequence=sequence, previous=head.hash, hash=digest, key_id=signer.key_id, signature=encoded
    )


def row_of(entry: Entry, payload: bytes) -> dict[str, str | int]:
    """The row that holds an entry."""
    return {
        **copies(entry.record),
        "payload": payload.decode(),
        "sequence": entry.sequence,
        "previous": entry.previous,
        "hash": entry.hash,
        "key_id": entry.key_id,
        "signature": entry.signature,
    }


def copies(record: Record) -> dict[str, str | int]:
    """The columns that repeat what the payload says, so that it can be queried."""
    run, verdict = record.run, record.verdict
    return {
        "id": record.id,
        "time": moment(record.time),
        "dag_id": run.dag_id,
        "run_id": run.run_id,
        "task_id": run.task_id,
        "map_index": run.map_index,
        "try_number": run.try_number,
        "gate": verdict.gate.value,
        "outcome": verdict.outcome.value,
        "enforced": int(verdict.enforced),
        "dataset": verdict.dataset,
        "partition": verdict.partition,
        "environment": record.environment,
        "fingerprint": verdict.fingerprint,
        "parts": verdict.parts,
        "ruleset": verdict.ruleset,
        "policy": verdict.policy,
        "job": verdict.job,
        "producer": record.producer,
    }


def moment(time: datetime) -> str:
    """A moment as text that sorts."""
    return time.astimezone(UTC).isoformat(timespec="microseconds")


def believed(row: Row, keyring: Keyring) -> Entry:
    """The entry in a row, if everything about it agrees.

    :raises LedgerTampered: naming the sequence and what disagrees
    """
    record, problems = examined(row, keyring)
    if record is None or problems:
        problem = problems[0]
        raise LedgerTampered(
            f"entry {problem.sequence}: {problem.detail}; run `airflow-mlsecops ledger verify`",
            code="KEY_NOT_TRUSTED" if problem.code == "KEY_NOT_TRUSTED" else None,
        )
    return Entry(record=record, **{name: row[name] for name in ("sequence", "previous", "hash", "key_id", "signature")})


def examined(row: Row, keyring: Keyring) -> tuple[Record | None, list[Problem]]:
    """The record that a row claims to hold, with everything about the row that disagrees; none is always a problem."""
    # An attacker's row may hold any type where the database allows it (SQLite does), and bytes that are no UTF-8.
    wrong = [name for name in _FRAME if not isinstance(row[name], str)]
    if wrong or row["sequence"] < 1:
        detail = f"column {', '.join(wrong) or 'sequence'} is of a wrong kind"
        return None, [Problem(sequence=row["sequence"], code="ROW_INVALID", detail=detail)]
    record = _parsed(row["payload"])
    problems = [*_hash_problems(row)]
    if record is None:
        detail = "its payload is no record that this version can read"
        return None, [*problems, Problem(sequence=row["sequence"], code="PAYLOAD_UNREADABLE", detail=detail)]
    return record, [*problems, *_signature_problems(row, record, keyring), *_copy_problems(row, record)]


def _parsed(payload: str) -> Record | None:
    try:
        return Record.model_validate_json(_plain(payload))
    except ValidationError:
        return None


def _hash_problems(row: Row) -> Iterator[Problem]:
    payload = row["payload"].encode("utf-8", "surrogateescape")
    if chain_hash(row["sequence"], _plain(row["previous"]), _plain(row["key_id"]), payload) != row["hash"]:
        detail = "its hash is not that of its place, key and payload"
        yield Problem(sequence=row["sequence"], code="HASH_MISMATCH", detail=detail)


def _copy_problems(row: Row, record: Record) -> Iterator[Problem]:
    edited = [name for name, value in copies(record).items() if row[name] != value]
    if edited:
        detail = f"column {', '.join(edited)} disagrees with the payload"
        yield Problem(sequence=row["sequence"], code="COLUMN_MISMATCH", detail=detail)


def _signature_problems(row: Row, record: Record, keyring: Keyring) -> Iterator[Problem]:
    try:
        key = keyring.trusted(row["key_id"], record.time)
    except LedgerTampered as error:
        yield Problem(sequence=row["sequence"], code="KEY_NOT_TRUSTED", detail=str(error))
        return
    if not key.verify(_plain(row["hash"]).encode(), _signature(row["signature"])):
        detail = f"its signature is not by key {key.key_id}"
        yield Problem(sequence=row["sequence"], code="SIGNATURE_INVALID", detail=detail)


def _signature(text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    # One signature has one spelling: unused bits of base64's last letter must not be free to change.
    return raw if base64.b64encode(raw).decode() == text else b""


def _readable(keyring: Keyring, key_id: str, at: datetime, digest: str, signature: bytes) -> bool:
    try:
        return keyring.verify(key_id, at, digest.encode(), signature)
    except LedgerTampered:
        return False


def _plain(text: str) -> str:
    """Text as it is stored; bytes that are no UTF-8 become a mark that nothing signed can hold."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


_FRAME = ("payload", "previous", "hash", "key_id", "signature")
