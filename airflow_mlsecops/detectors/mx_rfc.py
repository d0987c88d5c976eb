"""Taxpayer codes of persons in Mexico (RFC): four letters of the name, the date of birth and three characters.

Source: SAT, Código Fiscal de la Federación. The last character is a check, which many issued codes do not keep;
companies have three letters, and are no persons.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, shaped, stdnum

_SHAPE = shaped(r"[A-Z]{4}[0-9]{6}[0-9A-Z]{3}")
_valid = stdnum("mx.rfc")


def _check(number: str) -> bool:
    return _SHAPE(number) is not None and _valid(number)


def _known(number: str) -> bool:
    from stdnum.mx import rfc

    return _check(number) and rfc.is_valid(number, validate_check_digits=True)


DETECTOR = official(
    name="MX_RFC",
    title="Mexican taxpayer code (RFC)",
    tags=("LFPDPPP",),
    form=r"[A-ZÑ&]{4}-?[0-9]{6}-?[0-9A-Z]{3}",
    context="r\\.?f\\.?c|registro federal de contribuyentes?",
    check=_check,
    known=_known,
    names="rfc rfc_cliente clave_rfc rfc_paciente registro_federal_de_contribuyentes registro_federal_contribuyente",
    not_names="document draft standard",
)
