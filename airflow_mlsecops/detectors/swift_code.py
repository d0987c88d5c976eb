"""Business identifier codes of banks: four letters, a country, two for the place, three for the branch (ISO 9362).

Eight capitals are a word now and then (``DELIVERY`` has Venezuela in it): one cell proves nothing without the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_CODE = re.compile(r"[A-Z]{4}([A-Z]{2})[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_AFTER = re.compile(r"[A-Z0-9]{8,}\Z")
# ISO 3166-1 alpha-2, and Kosovo's XK.
_COUNTRIES = frozenset(
    words("""
        AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ
        CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO
        FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE
        JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO
        MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW
        PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM
        TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW XK
    """)
)


def _codes(run: str) -> Iterator[Span]:
    match = _AFTER.search(run)
    if match is not None and _is_code(match[0]):
        yield *match.span(), match[0][:8]


def _is_code(cell: str) -> bool:
    match = _CODE.fullmatch(cell)
    return match is not None and match[1] in _COUNTRIES


DETECTOR = Detector(
    entity=Entity(
        name="SWIFT_CODE", title="bank code (BIC, SWIFT)", role=Role.FINANCIAL, level=Level.INTERNAL, tags=("GLBA",)
    ),
    pattern=r"\b(?i:swift|bic)(?:[ /\-](?i:code|bic|no\.?))? ?[:=#] ?[A-Z]{6}[A-Z0-9]{2,}",
    find=_codes,
    checked=True,
    cell_pattern=r"^[A-Za-z]{4} ?[A-Za-z]{2} ?[0-9A-Za-z]{2} ?(?:[0-9A-Za-z]{3})?$",
    known=_is_code,
    common=0.002,
    names=words("""
        swift swift_code swiftcode swift_bic bic bic_code biccode bic_swift swift_no bank_identifier_code
        свифт 스위프트코드 السويفت رمز_السويفت סוויפט سوئیفت 스위프트
    """),
    hints=words("bank bank_code bankleitzahl banque banco banca"),
    not_names=FLAGS + words("taylor pen version lang language razor"),
    near=("IBAN_CODE", "BANK_ACCOUNT"),
)
