"""Identity card numbers of Hong Kong: one or two letters, six digits and a check character in brackets, A123456(3).

Source: Immigration Department. With its brackets it is proof; without, one code of that shape in eleven passes.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, shaped, weighted

_SHAPE = shaped(r"[A-Z]{1,2}[0-9]{6}[0-9A]")


def _check(number: str) -> bool:
    if not _SHAPE(number):
        return False
    # A space, which counts 36, stands before a single letter; letters count 10 to 35.
    letters = [36] * (9 - len(number)) + [int(letter, 36) for letter in number[:-7]]
    total = letters[0] * 9 + letters[1] * 8 + weighted(number[-7:-1], (7, 6, 5, 4, 3, 2))
    return (total + int(number[-1], 16)) % 11 == 0


DETECTOR = official(
    name="HK_ID",
    title="Hong Kong identity card number",
    tags=("PDPO",),
    form=r"[A-Z]{1,2}[0-9]{6} ?[(（]?[0-9A][)）]?",
    proof=r"[A-Z]{1,2}[0-9]{6}\([0-9A]\)",
    context="hkid|hk id|hong kong id[a-z]*|香港身份證|香港身份证|身份證號碼",
    check=_check,
    written=shaped(r"[A-Z]{1,2}[0-9]{6} ?\([0-9A]\)"),
    names="hkid hkid_no hkid_number hk_id hkic hong_kong_id hong_kong_identity_card 香港身份證 身份證號碼 身份證號",
)
