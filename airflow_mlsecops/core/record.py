"""A verdict as it stands in the ledger."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from pydantic import AwareDatetime, Field, NonNegativeInt

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.verdict import Verdict


class Run(Frozen):
    """Who asked: derived from Airflow, never declared.

    :param map_index: -1 for a task that is not mapped
    :param requested_by: who triggered the run; empty for scheduled runs
    """

    dag_id: str
    run_id: str
    task_id: str
    map_index: int = -1
    try_number: NonNegativeInt = 1
    requested_by: str = ""


class Record(Frozen):
    """A verdict bound to its run, environment and time; one per attempt, the newest counts.

    :param id: 32 hex digits, time-ordered (UUIDv7, RFC 9562)
    :param environment: what this deployment claims to be
    :param producer: name and version of the software that judged
    """

    version: int = 1
    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    time: AwareDatetime
    environment: str
    producer: str
    run: Run
    verdict: Verdict


class Entry(Frozen):
    """A record in its place in the chain.

    :param sequence: 1 for the first record
    :param previous: ``hash`` of the entry before; 64 zeros for the first
    :param hash: of (sequence, previous, key id, record)
    :param signature: of ``hash``, base64
    """

    record: Record
    sequence: int
    previous: str
    hash: str
    key_id: str
    signature: str


GENESIS = "0" * 64


def canonical(record: Record) -> bytes:
    """The one byte string that stands for a record: sorted keys, no spaces, ASCII (after RFC 8785)."""
    return json.dumps(record.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()


def chain_hash(sequence: int, previous: str, key_id: str, payload: bytes) -> str:
    """Hash of an entry: what is signed, and what the next entry carries as ``previous``."""
    digest = hashlib.sha256()
    for field in (str(sequence).encode(), previous.encode(), key_id.encode(), payload):
        digest.update(len(field).to_bytes(8, "big") + field)
    return digest.hexdigest()


def record_id(time: datetime, randomness: bytes) -> str:
    """A UUIDv7 from a moment and ten random bytes: sorts by time, and needs no clock of its own.

    :raises ValueError: if ``randomness`` is not ten bytes
    """
    if len(randomness) != 10:
        raise ValueError(f"record_id needs 10 random bytes, got {len(randomness)}")
    milliseconds = int(time.timestamp() * 1000)
    value = (milliseconds << 80) | int.from_bytes(randomness, "big")
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return f"{value:032x}"
