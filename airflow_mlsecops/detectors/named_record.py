"""Full names joined with a date, a number or a code in one cell: ``Smith, John (1971)``, ``Ann Lee|1980-01-02``.

A number after a name is a house's, a year's or a make's as well (``Baker Street 12``, ``Boeing 747``): what is left of
a cell without them has to be a given and a family name, and two digits parted by nothing but a space say nothing.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector, spelling
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._person_names import is_full
from airflow_mlsecops.detectors.person import DETECTOR as PERSON

_APART = re.compile(r"\s*[|;\t^/()\[\]#*†=]+\s*|\s+[–—-]+\s+|(?<=[0-9])[–—](?=[0-9])|_+|:\s|,\s*(?=[^\s0-9])")
_BESIDE = re.compile(r",?\s+(?=[0-9])|(?<=[0-9])[,.]?\s+(?=[^\s0-9])")
_DATE = re.compile(
    r"(?:1[6-9]|20)[0-9]{2}(?:-(?:(?:1[6-9]|20)[0-9]{2})?)?|[0-9]{8}"
    r"|[0-9]{4}[-./][0-9]{1,2}[-./][0-9]{1,2}|[0-9]{1,2}[-./][0-9]{1,2}[-./][0-9]{2,4}"
)
_CODE = re.compile(r"[A-Za-z]{0,5}[-. ]?[0-9][0-9A-Za-z./-]*")
_LONG = re.compile(r"[A-Za-z]{1,5}-?[0-9]{3,}|[0-9]{5,}")
# Between these a short number is one as well: ``105: Ann Lee``, ``Lee^Ann^^``.
_SIGN = re.compile(r"[|;\t^\[#_]|: ")
_MARKS = frozenset(
    words("""
    born dob d.o.b d.o.b. b. geb geb. geboren né née ne nee nato nata nac nac. nacido nacida ur ur. г.р г.р. род. nar
    nar. syn f. f * id no no. nr nr. num ref emp empno staff mr mrs ms died
    """)
)


def _record(cell: str) -> str:
    """A cell that is a full name and data beside it."""
    pieces = [piece.strip(" ,.") for piece in _APART.split(cell)]
    parted = len([piece for piece in pieces if piece]) > 1
    # Between a name and a number with only a space between them, the number has to be a date or a long one.
    pieces = [part for piece in pieces for part in _BESIDE.split(piece) if part.strip()]
    data = [piece for piece in pieces if _CODE.fullmatch(piece)]
    told = any(_DATE.fullmatch(piece) or _LONG.fullmatch(piece) for piece in data)
    names = [_unmarked(piece) for piece in pieces if piece not in data]
    name = " ".join(filter(None, names))
    return spelling(cell) if (told or (parted and _SIGN.search(cell))) and is_full(name) else ""


def _unmarked(piece: str) -> str:
    """A piece without the words that say what the data are."""
    return " ".join(word for word in piece.split() if word.casefold() not in _MARKS)


DETECTOR = Detector(
    entity=PERSON.entity,
    cell_pattern=r"^[^\n@]{0,80}[0-9^][^\n@]{0,80}$",
    cell=_record,
    known=lambda cell: bool(_record(cell)),
    common=0.0004,
    not_names=PERSON.not_names,
    near=PERSON.near,
)
