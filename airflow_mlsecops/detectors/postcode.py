"""Postal codes, by the name of the column, or as only they are written (``SW1A 1AA``, ``1012 AB``, ``01310-100``).

Five bare digits are numbers of anything; numbers lose the leading zeros of New England (``2139`` for ``02139``).
Source: Universal Postal Union, addressing systems by country.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span, spelling
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_BRITISH = (
    r"(?:GIR 0AA|[A-PR-UWYZ](?:[0-9]{1,2}|[A-HK-Y][0-9]{1,2}|[0-9][A-HJKPSTUW]|[A-HK-Y][0-9][ABEHMNPRVWXY])"
    r" [0-9][ABD-HJLNP-UW-Z]{2})"
)
_CANADIAN = "[ABCEGHJ-NPRSTVXY][0-9][ABCEGHJ-NPRSTV-Z] ?[0-9][ABCEGHJ-NPRSTV-Z][0-9]"
_IRISH = "[AC-FHKNPRTV-Y][0-9][0-9W] [0-9AC-FHKNPRTV-Y]{4}"
_DUTCH = "[1-9][0-9]{3} [A-Z]{2}"
# Letters after four digits that are no Dutch ones: of a measure, or of an hour.
_UNITS = frozenset(
    words("mg ml kg gb mb tb kb km cm mm hz mw kw kj am pm ad bc ce oz lb ft in sq px db cc pc st nd rd th")
)
# Portugal, Brazil, the United States with the route, and those that put a country's letters first.
_OTHERS = (
    r"[1-9][0-9]{3}-[0-9]{3}|[0-9]{5}-[0-9]{3}|[0-9]{5}-[0-9]{4}|〒 ?[0-9]{3}-[0-9]{4}"
    r"|(?:D|A|F|I|B|L|CH|DK|SE|FI|NO|PL|LT|LV|MD|AZ|SI|HR)-[0-9]{4,5}"
)
# Codes of letters and digits, as written with or without the space, in letters that such codes have.
_LETTERED = re.compile(
    rf"{_BRITISH}|{_BRITISH.replace(' ', '')}|{_CANADIAN.replace(' ?', '[ -]?')}|{_IRISH}"
    "|[1-9][0-9]{3} ?[A-EGHJ-NPR-TV-XZ]{2}"
)
_KNOWN = re.compile(f"{_BRITISH}|{_CANADIAN}|{_IRISH}|{_DUTCH}|{_OTHERS}")
_DIGITS = re.compile("[0-9]")


def _postcode(cell: str) -> str:
    """Any three to ten letters and digits with some digits; Irish and British ones may be the outward half alone."""
    # A column of numbers with gaps was a column of floats before it was CSV.
    spelt = spelling(_TOWN.sub("", cell).removesuffix(".0"))
    coded = 3 <= len(spelt) <= 10 and len(_DIGITS.findall(spelt)) >= 2
    return spelt if coded or _OUTWARD.fullmatch(cell) else ""


_OUTWARD = re.compile("[A-Z]{1,2}[0-9][0-9A-Z]?")
# What follows the digits where a column of codes names the towns too: ``2805-059 ALMADA``.
_TOWN = re.compile(r"(?<=[0-9])[ ,–—\-]{1,3}[^\W\d_][^0-9]{3,40}$")


def _is_known(cell: str) -> bool:
    return _KNOWN.fullmatch(cell.upper()) is not None and cell[-2:].casefold() not in _UNITS


def is_lettered(cell: str) -> bool:
    """True if it is written as British, Canadian, Irish and Dutch postcodes are, and hardly anything else is."""
    return _LETTERED.fullmatch(cell.upper()) is not None and cell[-2:].casefold() not in _UNITS


_SPOKEN = re.compile(
    r"\b(?:(?i:zip(?: ?code)?|post(?:al)? ?code|plz|cep|code postal|c[oó]digo postal|pin ?code))"
    r"[ :#.\"'=]{1,4}(?:is |of )?"
    rf"([0-9]{{3,6}}(?:[ \-][0-9]{{2,4}})?\b|[0-9A-Z]{{2,4}} ?[0-9][0-9A-Z]{{1,3}}\b)|\b({_BRITISH}|{_CANADIAN})\b"
)


def _spoken(text: str) -> Iterator[Span]:
    """After the words, or where British and Canadian ones stand as they are written."""
    for match in _SPOKEN.finditer(text):
        group = match.lastindex or 0
        yield *match.span(group), spelling(match[group])


DETECTOR = Detector(
    entity=Entity(
        name="POSTCODE",
        title="postal code",
        role=Role.QUASI,
        level=Level.INTERNAL,
        tags=("GDPR", "HIPAA", "CCPA"),
    ),
    cell_pattern=r"^(?:〒 ?)?[A-Za-z]{0,3}[ \-]?[0-9A-Za-z][0-9A-Za-z \-]{1,9}(?:\.0)?$"
    r"|^[0-9]{2,5}(?:[ \-][0-9]{2,4})?[ ,–—\-]{1,3}[^0-9 ,–—\-][^0-9@:/]{2,40}$",
    cell=_postcode,
    known=_is_known,
    common=0.005,
    names=words("""
        zip zipcode zip_code zipcd zip_cd zips zip_plus_four postal postalcode postal_code postcode post_code pcode
        postal_cd post_cd pincode pin_code eircode zip_postal postal_zip postal_number zipp
        plz postleitzahl postal_code_plz code_postal codepostal cod_postal codigo_postal codpostal cp_postal cod_post
        codice_postale codice_avviamento_postale cep postnummer postnr postnumber postinumero kod_pocztowy kodpocztowy
        iranyitoszam irsz posta_kodu postakodu psc smerovaci_cislo cod_postal postcodes pakkanda
        индекс почтовыи_индекс почт_индекс поштовии_індекс 邮编 邮政编码 郵便番号 郵便 우편번호 الرمز_البريدي מיקוד
        ταχυδρομικος_κωδικας
        รหัสไปรษณีย์
        cp cap_residenza kodepos kode_pos kod_poczt kod_poczta kodpoczt postkod poskod pos_kodu post_kodu
        cod_postale cod_zip cap_code zip_no zipno psc_mesto ma_buu_dien ma_buu_chinh
        postanumara postiindeks pasto_kodas pasta_indekss postanski_broj posta_kod cod_pos codpos cep_cliente
        plz_ort plzort zip_plz postleit почтовый_код почтовыи_код индекс_адреса תיבת_דואר รหัสไปรษณี
        우편 우편_번호 पिन_कोड पिनकोड رمز_بريدي كد_پستی کدپستی ταχ_κωδικας τκ
        code_post codice_avv_postale poskode postinro postnumer postove_smerovacie_cislo postova_smerovacia
        postna_stevilka postna_st поштански_број ptt_broj ir_szam пощенски_код п_к почт_инд індекс sihtnumber
        koreo_kodigo 郵遞區號 郵政編碼 ゆうびんばんごう डाक_कोड ص_ب صندوق_البريد zip_ph τ_κ p_kodu puskode
        postzahl
    """),
    hints=words("post address addr location area outward district cap cp zone ort"),
    not_names=FLAGS
    + words("""
        file files archive id ids url path size folder line name city town time date office_name blog title content
        message author population income latitude longitude lat lon price amount distance
        tag asset serial part sku drug ndc product item model invoice order
        days day hours minutes rate stock change
        zipper
        posisi posicion
    """),
    near=("STREET_ADDRESS", "PERSON", "LOCATION"),
    prose=_spoken,
)
