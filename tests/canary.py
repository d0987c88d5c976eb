"""Values that may appear in no output, in every form that they could take."""

from __future__ import annotations

import base64
import csv
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

TABLES = Path(__file__).parent / "detectors"
SHORTEST = 9  # shorter ones ("Ann", "::1", a bare date) stand in any log


def columns() -> dict[str, list[str]]:
    """What to plant: for each detector, a column of its own with every cell that it must find."""
    planted: dict[str, list[str]] = {}
    for table in sorted(TABLES.glob("*.csv")):
        with table.open(newline="") as file:
            for row in csv.DictReader(file):
                if row["expected"] == "yes":
                    planted.setdefault(row["column"], []).append(row["cell"])
    return planted


def values() -> list[str]:
    """Every planted value that no innocent output could hold by chance."""
    cells = {cell.strip() for cells in columns().values() for cell in cells}
    return sorted(
        cell for cell in cells if len(cell) >= SHORTEST and not cell.replace("-", "").replace("/", "").isdigit()
    )


def forms(value: str) -> Iterator[bytes]:
    """The value itself, and the ways in which it is easily read back or looked up."""
    data = value.encode()
    yield data
    yield data.hex().encode()
    yield base64.b64encode(data).rstrip(b"=")
    yield base64.urlsafe_b64encode(data).rstrip(b"=")
    if quote(value, safe="") != value:
        yield quote(value, safe="").encode()
    yield value.encode("unicode_escape")
    for digest in (hashlib.md5, hashlib.sha1, hashlib.sha256):
        yield digest(data).hexdigest().encode()
        yield base64.b64encode(digest(data).digest()).rstrip(b"=")


def leaks(outputs: Iterable[tuple[str, bytes]]) -> list[str]:
    """Where a planted value shows, as output's name, number of the value and number of its form: never the value."""
    needles = [(index, kind, form) for index, value in enumerate(values()) for kind, form in enumerate(forms(value))]
    return [
        f"{name}: value {index}, form {kind}"
        for name, output in outputs
        for index, kind, form in needles
        if form in output
    ]
