"""Personal identity numbers of Sweden: date of birth, serial and a Luhn digit, written 811218-9876.

Source: Folkbokföringslag (1991:481) § 18. Coordination numbers have 60 added to the day. Invoices are numbered by day
in the same form: free text needs the word.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import is_day, luhn, official, shaped

_SHAPE = shaped(r"(?:18|19|20)?[0-9]{10}")


def _check(number: str) -> bool:
    if not _SHAPE(number):
        return False
    number = number[-10:]
    return is_day(number[:2], number[2:4], int(number[4:6]) % 60) and luhn(number)


DETECTOR = official(
    name="SE_PERSONNUMMER",
    title="Swedish personal identity number",
    form=r"(?:(?:18|19|20)[0-9]{6}|[0-9]{6})[\-+ ]?[0-9]{4}|[0-9]{4}[\-+ ][0-9]{6}",
    context="personnummer|person-?nr|pers-?nr|pnr|samordningsnummer|personal identity|swedish id",
    check=_check,
    names="""
        personnummer personnr person_nr person_nummer persnr pnr samordningsnummer svenskt_personnummer swedish_id
        personal_identity_number
    """,
    not_names="booking reservation passenger flight",
)
