"""Names of streets without a number, in columns named so: ``Olson Island`` under ``street`` is where somebody lives.

A ``street`` may also be paved or gravel, or the street of a hand of poker.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector, spelling
from airflow_mlsecops.detectors._gazetteer import spellings, street_words
from airflow_mlsecops.detectors._hints import FLAGS, words
from airflow_mlsecops.detectors.street_address import DETECTOR as STREET_ADDRESS

# Polish, Czech, Russian and their neighbours call most streets by one adjective.
_ADJECTIVE = re.compile(r"[^\W\d_]+(?:sk[aáy]|ck[aáy]|ow[aey]|ov[aáé]|iej|n[aáy]|iego|ская|цкая|ная|овая|ська|ова)")
_NO_STREET = frozenset(
    words("paved gravel asphalt concrete unpaved cobblestone grass preflop river showdown left right none other")
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_JOINED = re.compile(
    r".{2,}(?:stra(?:ss|ß)e|str\.?|gasse|platz|allee|weg|straat|laan|plein|gracht|gata|gatan|vägen|gade|vej|veien|gate|katu|tie)"
)


def _street(cell: str) -> str:
    """Two words or more, or one that begins as names do, says street or is a Slavic adjective."""
    text = cell.casefold()
    single = _JOINED.fullmatch(text) is not None or _ADJECTIVE.fullmatch(text) is not None or _is_name(cell)
    return spelling(cell) if single or 2 <= len(_WORD.findall(text)) <= 8 else ""


def _is_name(cell: str) -> bool:
    return len(cell) > 4 and cell[0].isupper() and cell[1:].islower() and cell.casefold() not in _NO_STREET


def _is_known(cell: str) -> bool:
    named = _WORD.findall(spellings(cell)[-1])
    return _JOINED.fullmatch(cell.casefold()) is not None or any(word in street_words() for word in named)


DETECTOR = Detector(
    entity=STREET_ADDRESS.entity,
    cell_pattern=r"^[^0-9@:/=<>{}\[\]|_]{4,80}$",
    cell=_street,
    known=_is_known,
    common=0.05,
    names=words("""
        street streets street_name streetname home_street billing_street shipping_street ship_street mailing_street
        strasse straße strassenname str_name rue nom_rue nom_voie libelle_voie calle nombre_calle rua logradouro
        nome_rua straat straatnaam ulica nazwa_ulicy ulice utca strada улица название_улицы вулиця gatunamn vejnavn
        gadenavn gatenavn katu sokak cadde jalan nama_jalan 街道 街路 الشارع רחוב οδος
        gata gatan kadunnimi gotuheiti назив_улице kozterulet kozterulet_neve ονομα_οδου назва_вулиці tanav tanava_nimi
        ielas_nosaukums gatve gatves_pavadinimas ten_duong kalye 路名 通り名
        町名 도로명 길이름 ถนน सड़क गली خیابان نام_خیابان
        carrer nom_carrer
    """),
    not_names=(
        *FLAGS,
        *STREET_ADDRESS.not_names,
        *words("suffix surface light view art food parking cleaning level poker ruang ruangan"),
    ),
    near=STREET_ADDRESS.near,
)
