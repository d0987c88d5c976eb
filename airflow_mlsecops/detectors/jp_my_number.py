"""Individual Numbers of Japan (My Number): eleven digits and a check digit modulo 11.

Source: Ministry of Internal Affairs, Order 85 of 2014, article 5. In free text it counts after words only.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, weighted

_WEIGHTS = (6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def _check(number: str) -> bool:
    rest = weighted(number, _WEIGHTS) % 11
    return int(number[11]) == (0 if rest <= 1 else 11 - rest)


DETECTOR = official(
    name="JP_MY_NUMBER",
    title="Japanese Individual Number (My Number)",
    tags=("APPI",),
    form=r"[0-9]{4}[ \-]?[0-9]{4}[ \-]?[0-9]{4}",
    context="マイナンバー|個人番号|my ?number|individual number|kojin bango",
    digits=12,
    check=_check,
    names="my_number mynumber kojin_bango individual_number マイナンバー 個人番号 個人番号カード",
)
