"""Bytes of a policy file as text that reads the same to the reviewer as to the parser."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from airflow_mlsecops.policy.mistakes import Mistake

# Cc: control; Cf: invisible, some of which reorder what a reviewer sees (CVE-2021-42574); Zl, Zp: other line ends.
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_SUSPECT = re.compile(r"[^\t\n\x20-\x7e]")


def read_text(name: str, data: bytes) -> tuple[str, list[Mistake]]:
    """Decode a file; with any mistake the text is not to be parsed."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return "", [Mistake(name, line, f"byte {error.start} is not UTF-8: save the file as UTF-8")]
    return text, list(_unprintable(name, text))


def _unprintable(name: str, text: str) -> Iterator[Mistake]:
    if not _SUSPECT.search(text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        marks = {mark for mark in line.removesuffix("\r") if mark != "\t" and unicodedata.category(mark) in _REFUSED}
        if marks:
            named = ", ".join(f"U+{ord(mark):04X}" for mark in sorted(marks))
            yield Mistake(name, number, f"holds {named}, which a reviewer cannot see: remove it")
