"""National register numbers of Belgium: date of birth, serial and a check number modulo 97; 85.07.30-033.28.

Source: Koninklijk besluit 3 april 1984. Before the modulus those born since 2000 get a 2 in front. Months of bis
numbers, for people who are not registered, are 20 or 40 higher.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import is_day, official, shaped


def _check(number: str) -> bool:
    month, day = int(number[2:4]) % 20, number[4:6]
    # A month or day that is not known is 00.
    dated = (month == 0 or day == "00") if not is_day(number[:2], month, day) else True
    base, key = int(number[:9]), int(number[9:])
    keys = {97 - base % 97, *([97 - (2_000_000_000 + base) % 97] if number[0] in "0123" else [])}
    return dated and month <= 12 and day <= "31" and key in keys


DETECTOR = official(
    name="BE_NATIONAL_NUMBER",
    title="Belgian national register number",
    form=r"[0-9]{2}[.\- ]?[0-9]{2}[.\- ]?[0-9]{2}[.\- ]?[0-9]{3}[.\- ]?[0-9]{2}",
    proof=r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}-[0-9]{3}\.[0-9]{2}",
    context="rijksregister[a-z]*|registre national|num[eé]ro national|insz|niss|national number|nationaal nummer|rrn",
    digits=11,
    check=_check,
    written=shaped(r"[0-9]{2}\.(?:0[1-9]|1[0-2])\.(?:0[1-9]|[12][0-9]|3[01])-[0-9]{3}\.[0-9]{2}"),
    known=lambda number: is_day(number[:2], int(number[2:4]) % 20, number[4:6]) and _check(number),
    names="""
        rijksregisternummer rijksregister_nr rijksregister numero_national numero_de_registre_national insz insz_nummer
        niss registre_national nationaal_nummer national_register_number national_number inss
    """,
)
