"""Countries, by name in some 270 languages or by their ISO 3166-1 letters (``_gazetteer``).

A telephone's country code is a number, and ``NO``, ``IN`` or ``ID`` are words unless most cells are such letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span, spelling
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._gazetteer import common_words, countries, country_codes, given_names, spellings
from airflow_mlsecops.detectors._hints import FLAGS, words

_CODE = re.compile(r"[A-Z]{2,3}")
# Yes and no in Italian and Spanish, as often as Norway and Slovenia: what stands beside them tells.
_ANSWERS = frozenset(("NO", "SI"))


def _country(cell: str) -> str:
    return spelling(cell) if len(cell) <= 80 and sum(map(str.isalpha, cell)) > 1 else ""


def _is_known(cell: str) -> bool:
    if cell in _ANSWERS:
        return False
    if _CODE.fullmatch(cell):
        return cell.casefold() in country_codes() or cell.casefold() in countries()
    # Also United-States and United_States.
    names = spellings(cell.replace("-", " ").replace("_", " ").rstrip("."))
    return len(names[0]) > 3 and not countries().isdisjoint((*names, *spellings(cell)))


_UPPER = "A-Z\u00c0-\u00de\u0100-\u017d"
_NAMES = re.compile(rf"(?<![^\W_])[{_UPPER}][^\W\d_]{{2,}}(?:[ \-](?:of |and |the )?[{_UPPER}][^\W\d_]+){{0,3}}")

_POSTCODE = re.compile(r"\s[0-9]{4,6}\b|\s\(")


def _spoken(text: str) -> Iterator[Span]:
    """Names with a capital that are neither given names nor other words, unless a postcode makes it an address."""
    for match in _NAMES.finditer(text):
        if _POSTCODE.match(text, match.end()):
            continue
        parts = match[0].split(" ")
        for first in range(len(parts)):
            name = _longest(parts[first:])
            if name:
                start = match.start() + len(" ".join(parts[:first])) + (first > 0)
                yield start, start + len(name), spelling(name)
                break


def _longest(parts: list[str]) -> str:
    for length in range(len(parts), 0, -1):
        phrase = " ".join(parts[:length])
        name = spellings(phrase)[-1]
        if len(name) > 3 and name in countries():
            return "" if name in given_names() or name in common_words() else phrase
    return ""


DETECTOR = Detector(
    entity=Entity(
        name="LOCATION", title="place", role=Role.QUASI, level=Level.INTERNAL, tags=("GDPR", "HIPAA", "CCPA")
    ),
    cell_pattern=r"^[^0-9@#=<>{}\[\]|~^:;!?]{2,80}$",
    cell=_country,
    known=_is_known,
    common=0.004,
    names=words("""
        country countries country_name countryname country_code countrycode country_cd country_iso iso_country
        country_of_birth birth_country country_of_residence residence_country home_country native_country
        country_of_origin billing_country shipping_country ship_country bill_country cntry ctry
        staat geburtsland wohnsitzland pays_naissance pays_residence code_pays pais pais_nacimiento
        pais_residencia codigo_pais paese stato_nascita geboorteland kraj kraj_urodzenia ulke ülke landkod fodeland
        orszag страна країна государство 国家 国 国籍国 国名 出生国 국가 나라 الدولة البلد بلد देश
        herkunftsland wohnland landercode laenderkennzeichen landerkennzeichen landerkuerzel nazione stato_di_nascita
        stato_estero pais_origen pais_nasc pays_de_naissance land_van_herkomst landcode landkode fodelseland hemland
        hjemland oprindelsesland opprinnelsesland kotimaa syntymamaa maakoodi maa fæðingarland panstwo zeme zeme_puvodu
        stat_puvodu krajina krajina_povodu drzava drzava_rojstva zemlja zemlja_rodenja zemlja_rodjenja држава земља tara
        tara_de_origine държава χωρα χωρα_γεννησης dogum_ulkesi riik sunniriik valsts dzimsanas_valsts salis
        gimimo_salis negara negara_asal kode_negara quoc_gia bansa 国别 國家
        國別 国コード 출신국 국가코드 ประเทศ जन्म_देश ארץ מדינה
        ארץ_לידה کشور کشور_تولد بلد_الإقامة
    """),
    hints=words("""
        location loc origin birth residence geography region geo market nationality territory iso land pays nation nuoc
        stat kraj
    """),
    not_names=FLAGS
    + words("""
        id ids number no population gdp phone telephone dial dialing calling mobile tel area club music code_number
        currency language domain tld time date year use size surface
        league liga division team teams opponent opponents opposition
    """),
    near=("STREET_ADDRESS", "POSTCODE", "PERSON", "PHONE_NUMBER"),
    prose=_spoken,
)
