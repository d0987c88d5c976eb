"""Values that may appear in no output, in every form that they could take."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from tests.detectors.tables import Example, examples, tables

SHORTEST = 9  # shorter ones ("Ann", "::1", a bare date) stand in any log
_HEAD = 8


def planted() -> dict[str, Example]:
    """What to plant, by the name of its column: the first example of each detector that it must find."""
    named: dict[str, Example] = {}
    for table in tables():
        example = next(one for one in examples(table) if one.expected)
        name, number = example.column, 1
        # Digits say nothing, so that a name with one more says what it said.
        while name in named:
            number += 1
            name = f"{example.column}_{number}"
        named[name] = example
    return named


def columns() -> dict[str, list[str]]:
    """A column for each detector, with cells that it must find."""
    return {name: example.cells for name, example in planted().items()}


def values() -> list[str]:
    """Every planted value that no innocent output could hold by chance."""
    return sorted({cell.strip() for cells in columns().values() for cell in cells if _telling(cell.strip())})


def _telling(cell: str) -> bool:
    """True if it is long enough, and neither a number or date, nor a single word, nor the frame of a key."""
    if cell.startswith("-----") and cell.endswith("-----"):
        return False
    return len(cell) >= SHORTEST and not cell.isalpha() and not cell.replace("-", "").replace("/", "").isdigit()


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
    heads = {form[:_HEAD] for _, _, form in needles}
    shown = []
    for name, output in outputs:
        begun = _begun(output, heads)
        possible = [needle for needle in needles if needle[2][:_HEAD] in begun]
        shown += [f"{name}: value {index}, form {kind}" for index, kind, form in possible if form in output]
    return shown


def _begun(output: bytes, heads: set[bytes]) -> set[bytes]:
    """The heads that stand anywhere in an output, all looked for at once: thousands of needles, megabytes of hay."""
    import numpy as np

    wanted = np.sort(np.frombuffer(b"".join(heads), "<u8"))
    found: set[bytes] = set()
    for offset in range(min(_HEAD, len(output))):
        words = np.frombuffer(output[offset : offset + (len(output) - offset) // _HEAD * _HEAD], "<u8")
        place = np.minimum(np.searchsorted(wanted, words), len(wanted) - 1)
        found |= {word.tobytes() for word in np.unique(words[wanted[place] == words])}
    return found
