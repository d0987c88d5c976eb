"""Identity numbers of foreigners in Spain (NIE): X, Y or Z, seven digits and a letter, their rest modulo 23.

Source: Orden INT/2058/2008. Bare serial numbers have that shape too: free text needs the word, or the hyphens.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, shaped

_SHAPE = shaped(r"[XYZ][0-9]{7}[A-Z]")


def _check(number: str) -> bool:
    if not _SHAPE(number):
        return False
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(f"{'XYZ'.index(number[0])}{number[1:8]}") % 23] == number[8]


DETECTOR = official(
    name="ES_NIE",
    title="Spanish foreigner's identity number (NIE)",
    form=r"[XYZ][ \-]?[0-9]{7}[ \-]?[A-Z]",
    proof=r"[XYZ]-[0-9]{7}-[A-Z]",
    context="n\\.?i\\.?e|extranjero|foreigner",
    check=_check,
    names="nie nie_number numero_nie num_nie nif_nie dni_nie numero_identidad_extranjero",
)
