"""What a file looks like by its first bytes."""

from __future__ import annotations

from typing import NoReturn

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources.member import Member

# https://en.wikipedia.org/wiki/List_of_file_signatures
_SIGNATURES = (
    (b"PAR1", "Parquet"),
    (b"\x1f\x8b", "gzip"),
    (b"PK\x03\x04", "a zip archive (or a spreadsheet)"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"Obj\x01", "Avro"),
    (b"ORC", "ORC"),
    (b"ARROW1", "Arrow IPC"),
    (b"SQLite f", "a SQLite database"),
    (b"%PDF", "PDF"),
)
_BOMS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)


def looks_like(head: bytes) -> str:
    """Name of the format whose signature these first bytes carry, or empty for none, as text has."""
    return next((name for signature, name in _SIGNATURES if head.startswith(signature)), "")


def wide_encoding(head: bytes) -> str:
    """UTF-16 or UTF-32 by the byte order mark, or empty."""
    return next((name for mark, name in _BOMS if head.startswith(mark)), "")


def reject(member: Member, head: bytes, expected: str) -> NoReturn:
    """Say what the file looks like instead.

    :raises SourceError: ``WRONG_FORMAT``, always
    """
    got = looks_like(head) or ("text" if _is_text(head) else "neither text nor a format known here")
    raise SourceError(
        f"{member.shown} is misnamed: expected {expected}, it looks like {got}; give it its true suffix",
        code="WRONG_FORMAT",
    )


def _is_text(head: bytes) -> bool:
    return all(byte >= 0x20 or byte in b"\t\r\n" for byte in head)
