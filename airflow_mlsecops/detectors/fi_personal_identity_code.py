"""Personal identity codes of Finland (HETU): date of birth, a sign for the century, serial and a check character.

Source: Digi- ja väestötietovirasto, VNA 690/2022. Written 131052-308T. With digits only they look like numbers of
invoices, which are dated too: proof needs a letter.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import is_day, official, shaped

_SHAPE = shaped(r"([0-9]{2})([0-9]{2})([0-9]{2})[A-FU-Y]?([0-9]{3})([0-9A-FHJ-NPR-Y])")


def _check(number: str) -> bool:
    match = _SHAPE(number)
    if match is None or not is_day(match[3], match[2], match[1]) or match[4] < "002":
        return False
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(number[:6] + match[4]) % 31] == match[5]


DETECTOR = official(
    name="FI_PERSONAL_IDENTITY_CODE",
    title="Finnish personal identity code",
    form=r"[0-9]{6}[\-+A-FU-Y]?[0-9]{3}[0-9A-Z]",
    proof=r"[0-3][0-9][01][0-9]{3}(?:[\-+AU-Y][0-9]{3}[A-FHJ-NPR-Y])",
    context="hetu|henkil[öo]tunnus|henk\\.? ?tunnus|sotu|personbeteckning|personal identity code",
    check=_check,
    written=shaped(r"(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])[0-9]{2}[\-+A-FU-Y][0-9]{3}[A-FHJ-NPR-Y]"),
    names="""
        hetu henkilotunnus henkilötunnus henkilo_tunnus sotu sosiaaliturvatunnus personbeteckning finnish_id
        hlotunnus henk_tunnus henkilotunn
    """,
)
