"""Bytes of a policy file as text that reads the same to the reviewer as to the parser."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from airflow_mlsecops.policy.mistakes import Mistake

# Cc: control; Cf: invisible, some of which reorder what a reviewer sees (CVE-2021-42574); Zl, Zp: other line ends; Zs:
# spaces that are no space: a glob that ends in one matches nothing, and a laxer rule below it does.
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Zs"})
# Letters and marks that are drawn as nothing: fillers, joiners and variation selectors.
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | frozenset(
    map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
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
        marks = {mark for mark in line.removesuffix("\r") if mark not in "\t " and unseen(mark)}
        if marks:
            named = ", ".join(f"U+{ord(mark):04X}" for mark in sorted(marks))
            yield Mistake(name, number, f"holds {named}, which a reviewer cannot see: remove it")


def unseen(mark: str) -> bool:
    """True of a letter or mark that nobody who reviews a text sees, or sees as another."""
    return unicodedata.category(mark) in _REFUSED or mark in _BLANK
