"""Amounts of money as tables hold them: ``1,234.50``, ``$60K - $80K``, ``>50K``, ``1.234,56 €``."""

from __future__ import annotations

import re

AMOUNT_CELL = r"^[^0-9\n]{0,24}[0-9][^\n]{0,48}$"
"""What a whole cell with an amount or a bracket of amounts looks like, before :func:`amount` looks closer."""

# One character or one word a step, no two of which begin alike: linear.
_ONLY_MONEY = re.compile(
    r"(?:[0-9.,' \u00a0<>≤≥=~+/():;\[\]–—−-]|(?<![a-z])(?:(?:r|us|c|a|hk|nt|s)\$|s/\.?)"
    r"|[$€£¥₹₽₺₩₦฿₱₫₴₪円元원万만]|\b(?:usd|eur|euros?"
    r"|czk|kč|kc|huf|ft|ron|lei|bgn|лв|uah|грн|руб|р|php"
    r"|idr|rp|myr|rm|vnd|thb|krw|ils|aed|sar|zar|ngn|zł|gbp|chf|jpy|inr|rs|cad|aud|cny|brl|mxn|"
    r"dm|pln|zl|sek|nok|dkk|try|tl|rub|kr|dollars?|k|m|mn|mio|mil|thousand|lakhs?|lpa|crores?|million|less|more|than|over|"
    r"under|above|below|up|to|and|or|from|between|per|a|an|pa|year|yr|annum|month|mo|week|hour|hr|hourly|annually|"
    r"monthly|years?|assignments|salary|for|at|least|plus|bis|unter|uber|de)\b|(?<=[0-9])(?:[kKmM]|mio|lpa|eur|usd|€))+",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[0-9][0-9.,' \u00a0]*")
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_DATE = re.compile(r"[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}\b|[0-9]{1,2}([-/.])[0-9]{1,2}\2(?:[0-9]{4}|[0-9]{2})\b")
_CENTS = re.compile(r"[.,][0-9]{1,2}$")


def amount(cell: str) -> str:
    """The amount, or the bracket of amounts, in one spelling; ``""`` if a cell holds anything else."""
    if _PLAIN.fullmatch(cell):
        return f"{float(cell):.12g}"
    if _DATE.match(cell) or not _ONLY_MONEY.fullmatch(cell):
        return ""
    return cell.casefold().replace(" ", "")


def gained(cell: str) -> str:
    """An amount that is not below nought: standardised columns, half of which is, hold no money."""
    return amount(cell) if not cell.startswith(("-", "−")) else ""


def size(cell: str) -> float:
    """The largest number in a cell, with ``K`` for thousands; 0 if there is none."""
    factor = 1000.0 if re.search(r"[0-9] ?[kK]\b", cell) else 1.0
    plain = [cell] if _PLAIN.fullmatch(cell) else _NUMBER.findall(cell)
    return max(map(_parsed, plain), default=0.0) * factor


def _parsed(number: str) -> float:
    if _PLAIN.fullmatch(number):
        return abs(float(number))
    cents = _CENTS.search(number.strip())
    whole = number[: cents.start()] if cents else number
    return float(re.sub("[^0-9]", "", whole) or 0)
