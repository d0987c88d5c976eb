"""Medicare Beneficiary Identifiers of the United States: eleven places, each with its own characters (CMS).

Place 1 is 1 to 9, places 2, 5, 8 and 9 letters, 3 and 6 either, the rest digits; S, L, O, I, B and Z are never used.
Without its hyphens it might be any code of eleven characters: then a column of them, or the words, must say so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words

_LETTER = "[AC-HJKMNP-RT-Y]"
_EITHER = "[0-9AC-HJKMNP-RT-Y]"
_FIRST, _SECOND, _THIRD = f"[1-9]{_LETTER}{_EITHER}[0-9]", f"{_LETTER}{_EITHER}[0-9]", f"{_LETTER}{_LETTER}[0-9][0-9]"
_NUMBER = re.compile(rf"(?<![0-9A-Za-z-]){_FIRST}-?{_SECOND}-?{_THIRD}(?![0-9A-Za-z-])")


def _numbers(run: str) -> Iterator[Span]:
    for match in _NUMBER.finditer(run):
        yield *match.span(), match[0].replace("-", "")


DETECTOR = Detector(
    entity=Entity(
        name="US_MBI",
        title="US Medicare beneficiary identifier",
        role=Role.DIRECT,
        level=Level.RESTRICTED,
        tags=("HIPAA",),
    ),
    pattern=rf"[0-9A-Za-z\-]*{_FIRST}-{_SECOND}-{_THIRD}[0-9A-Za-z\-]*"
    rf"|\b(?:MBI|mbi|(?i:medicare))[ :=#A-Za-z]{{1,20}}{_FIRST}{_SECOND}{_THIRD}[0-9A-Za-z\-]*",
    find=_numbers,
    checked=True,
    cell_pattern=r"^[1-9][A-Za-z][0-9A-Za-z][0-9]-?[A-Za-z][0-9A-Za-z][0-9]-?[A-Za-z]{2}[0-9]{2}$",
    cell=lambda cell: cell.replace("-", "").upper(),
    known=lambda cell: _NUMBER.fullmatch(cell.upper()) is not None,
    common=0.0001,
    names=words("mbi medicare medicare_id medicare_number medicare_no medicare_beneficiary_id bene_mbi"),
    hints=words("member_id beneficiary_id insurance_id"),
    near=("PERSON", "DATE_OF_BIRTH"),
)
