"""Identity numbers of Spain (DNI, NIF): eight digits and a letter, their rest modulo 23.

Source: Real Decreto 1553/2005. One in 23 of all such codes passes: free text needs the word, or the thousands points.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, shaped

_SHAPE = shaped(r"[0-9]{8}[A-Z]")


def _check(number: str) -> bool:
    return _SHAPE(number) is not None and "TRWAGMYFPDXBNJZSQVHLCKE"[int(number[:8]) % 23] == number[8]


DETECTOR = official(
    name="ES_NIF",
    title="Spanish identity number (DNI, NIF)",
    form=r"[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}[ .\-]{0,2}[A-Z]",
    proof=r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}-?[A-Z]",
    context="d\\.?n\\.?i|n\\.?i\\.?f|documento nacional|documento de identidad|identificaci[oó]n fiscal",
    check=_check,
    written=shaped(r"[0-9]{2}\.[0-9]{3}\.[0-9]{3}[ \-]?[A-HJ-NP-TV-Z]"),
    names="""
        dni nif dni_nif nif_dni dninif nif_nie dni_nie dni_cliente dni_paciente numero_dni num_dni nro_dni no_dni
        documento_nacional_identidad documento_nacional_de_identidad spanish_id dni_number nif_number
    """,
    not_names="empresa proveedor sociedad",
)
