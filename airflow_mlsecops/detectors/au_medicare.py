"""Medicare card numbers of Australia: eight digits, a check digit and the card's issue; 2123 45670 1.

Source: Services Australia. The first digit is 2 to 6; an eleventh, the person's place on the card, may follow.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, shaped, weighted

_SHAPE = shaped(r"[2-6][0-9]{8}[1-9][0-9]?")


def _check(number: str) -> bool:
    return _SHAPE(number) is not None and weighted(number, (1, 3, 7, 9, 1, 3, 7, 9)) % 10 == int(number[8])


DETECTOR = official(
    name="AU_MEDICARE",
    title="Australian Medicare number",
    tags=("Privacy Act",),
    form=r"[2-6][0-9]{3}[ \-]?[0-9]{5}[ \-]?[1-9](?:[ \-/]?[1-9])?",
    context="medicare",
    check=_check,
    common=0.0005,
    names="medicare medicare_no medicare_number medicare_num medicare_card medicare_card_number medicare_card_no",
    not_names="part plan provider paid payment status eligible rate amount",
)
