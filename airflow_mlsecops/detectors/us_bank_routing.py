"""Routing numbers of banks in the United States: nine digits weighted 3, 7, 1, with a Federal Reserve prefix (ABA).

Of nine-digit numbers one in thirty passes: single cells count only after the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_NINE = re.compile(r"(?<![0-9])[0-9]{9}(?![0-9])")
_ISSUED = (range(1, 13), range(21, 33), range(61, 73), range(80, 81))


def _numbers(run: str) -> Iterator[Span]:
    for match in _NINE.finditer(run):
        if _is_routing(match[0]):
            yield *match.span(), match[0]


def _number(cell: str) -> str:
    return cell.removesuffix(".0").replace("-", "").zfill(9)


def _is_routing(cell: str) -> bool:
    digits = _number(cell)
    if len(digits) != 9 or not digits.isdecimal():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits, (3, 7, 1) * 3, strict=True))
    return total % 10 == 0 and any(int(digits[:2]) in prefixes for prefixes in _ISSUED)


DETECTOR = Detector(
    entity=Entity(
        name="ABA_ROUTING_NUMBER",
        title="US bank routing number",
        role=Role.FINANCIAL,
        level=Level.INTERNAL,
        tags=("GLBA",),
    ),
    pattern=r"\b(?i:routing|aba|rtn)(?: (?i:number|no\.?|num|code))?[ :=#\-]{1,3}[0-9]{9,}",
    find=_numbers,
    checked=True,
    cell_pattern=r"^[0-9]{7,9}(?:\.0)?$|^[0-9]{4}-[0-9]{4}-[0-9]$",
    cell=_number,
    known=_is_routing,
    common=0.0005,
    names=words("""
        routing routing_number routing_no routing_num routingnumber bank_routing aba aba_number aba_routing aba_code
        rtn routing_transit_number transit_routing
        ach_routing wire_routing bank_transit_no transit_routing_number numero_de_ruta numero_ruta
    """),
    hints=words("bank bank_code transit bank_id"),
    not_names=FLAGS + words("key queue rule network"),
    near=("BANK_ACCOUNT", "ACCOUNT_BALANCE"),
)
