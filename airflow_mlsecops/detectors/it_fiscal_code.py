"""Fiscal codes of Italy (codice fiscale): letters of the name, date and place of birth, and a check letter.

Source: Ministero delle Finanze, DM 23/12/1976. Sixteen characters of one shape: proof wherever they stand. Eleven
digits are companies, and no persons.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, shaped, stdnum

# In namesakes some digits become letters (omocodia), which the library knows.
_SHAPE = shaped(r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[ABCDEHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]")
_valid = stdnum("it.codicefiscale")


def _check(number: str) -> bool:
    return _SHAPE(number) is not None and _valid(number)


DETECTOR = official(
    name="IT_FISCAL_CODE",
    title="Italian fiscal code",
    form=r"[A-Z]{3}[ \-]?[A-Z]{3}[ \-]?[0-9L-V]{2}[A-Z][0-9L-V]{2}[ \-]?[A-Z][0-9L-V]{3}[A-Z]",
    proof=r"[A-Z]{6}[0-9]{2}[A-EHLMPR-T][0-9]{2}[A-Z][0-9]{3}[A-Z]",
    context="codice fiscale|cod\\.? ?fisc[a-z]*|fiscal code",
    check=_check,
    written=_SHAPE,
    names="""
        codice_fiscale codicefiscale cod_fiscale codfiscale cod_fisc cf fiscal_code fiscalcode codfisc
        codice_fiscale_paziente italian_fiscal_code
    """,
)
