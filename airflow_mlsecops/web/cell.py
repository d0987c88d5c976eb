"""Cells of a CSV that no spreadsheet takes for a formula."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula: what begins like one gets a quote before it."""
    text = "" if value is None else str(value)
    if isinstance(value, int | float):
        return text
    # Spreadsheets skip what is blank before a formula, and a line feed inside one cell hides what follows.
    plain = "".join(letter if letter.isprintable() else f"<U+{ord(letter):04X}>" for letter in text)
    return f"'{plain}" if text.lstrip().startswith(_FORMULA) or text[:1] in ("\t", "\r", "\n") else plain
