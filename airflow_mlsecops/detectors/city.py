"""Cities, towns and villages, after GeoNames (``_gazetteer``): where a person lives or was born.

A place alone identifies nobody, and many are family names or words (Jackson, Reading): most cells have to be places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span, spelling
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._gazetteer import (
    cities,
    common_words,
    countries,
    country_codes,
    family_names,
    given_names,
    regions,
    spellings,
)
from airflow_mlsecops.detectors._hints import FLAGS, words

_LETTERS = re.compile(r"[^\W\d_]{2}|[\u3400-\u9fff\uac00-\ud7a3]")
_CODE = re.compile(r"[A-Z]{2,3}")
# "9130 Kieldrecht", "Leeds LS1 4DY": the postcode is part of the same line of an address.
_POSTCODE = re.compile(
    r"^(?:[A-Z]{1,2}-)?[0-9]{4,6}(?:[ \-][0-9]{2,3})?(?: [A-Z]{2})? (?=[^\W\d_])"
    r"|,? [A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2}$"
)
_REST = re.compile(r" ?(?:\(| [-–] |/)")
# Letters of a state after a town, however small it is. Those that are a degree as well may follow a person's name.
_IN_STATE = re.compile(
    r"^[A-Z][A-Za-z.'’\-]+(?: [A-Z][A-Za-z.'’\-]*){0,3}[,;] ?"
    r"(?:A[KLRZ]|C[AT]|DE|FL|GA|HI|I[ADLN]|K[SY]|LA|M[EINOST]|N[CDEHJMVY]|O[HR]|PR|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY])"
    r"(?: [0-9]{5}(?:-[0-9]{4})?)?$"
)


def _place(cell: str) -> str:
    return spelling(cell) if len(cell) <= 80 and _LETTERS.search(cell) else ""


def _is_known(cell: str) -> bool:
    """A town that is no other word, or one with its state, region or country."""
    if _IN_STATE.match(cell):
        return True
    cell = _POSTCODE.sub("", cell)
    town, _, within = _REST.split(cell, maxsplit=1)[0].partition(",")
    name = town.casefold().strip() if town.isascii() else spellings(town)[-1]
    if not within and " " in town and name not in cities():
        name, within = _with_country(town)
    return len(name) > 1 and name in cities() and (name not in common_words() or _is_wider(within.strip()))


def _with_country(text: str) -> tuple[str, str]:
    """The town and what it is in where only a space parts them: ``New York USA``, ``Paris France``."""
    town, _, last = text.strip().rpartition(" ")
    code = last.casefold() in country_codes() and last.isupper()
    return (spellings(town)[-1], last) if code or spellings(last)[-1] in countries() else ("", "")


def _is_wider(text: str) -> bool:
    name = spellings(text)[-1]
    return bool(text) and (_CODE.fullmatch(text) is not None or name in regions() or name in countries())


_UPPER = "A-Z\u00c0-\u00de\u0100-\u017d"
_NAME = rf"[{_UPPER}][^\W\d_]+(?:[ \-'’](?:de |del |da |do |di |la |upon |am |an der |sur )?[{_UPPER}][^\W\d_]+){{0,3}}"
_LED = re.compile(
    r"\b([Ii]n|from|[Tt]o|at|near|around|visit|visiting|leaving|towards|serving|city|[Ww]here:"
    rf"|[Ss]outhern|[Nn]orthern|[Ee]astern|[Ww]estern|[Cc]entral)\s{{1,2}}({_NAME})"
)
# After these a person may stand as well.
_EITHER = frozenset(words("to at around from leaving towards"))


def _towns(text: str) -> Iterator[Span]:
    """Towns after a word such as ``in``."""
    for match in _LED.finditer(text):
        place = _longest(match[2], unlike_persons=match[1].casefold() in _EITHER)
        if place:
            yield match.start(2), match.start(2) + len(place), spelling(place)


def _longest(phrase: str, *, unlike_persons: bool) -> str:
    """As many words from the first as are the name of a town, and of nothing else."""
    while phrase:
        name = spellings(phrase)[-1]
        if len(name) > 2 and name in cities() and name not in common_words():
            named = unlike_persons and (name in given_names() or name in family_names())
            return "" if named else phrase
        phrase = phrase.rpartition(" ")[0]
    return ""


DETECTOR = Detector(
    entity=Entity(
        name="LOCATION", title="place", role=Role.QUASI, level=Level.INTERNAL, tags=("GDPR", "HIPAA", "CCPA")
    ),
    cell_pattern=r"^(?:(?:[A-Z]{1,2}-)?[0-9]{4,5} )?[^0-9@#_=<>{}\[\]|~^:][^@#_=<>{}\[\]|~^:]{1,79}$",
    cell=_place,
    known=_is_known,
    common=0.006,
    names=words("""
        city cities town village municipality locality suburb borough township hamlet metro_area metropolitan_area
        hometown home_town city_name cityname town_name city_of_residence city_of_birth place_of_birth birth_place
        birthplace pob place_of_residence birth_city billing_city shipping_city ship_city bill_city mailing_city
        stadt ort ortschaft wohnort gemeinde geburtsort ortsname stadtteil
        ville commune localite lieu_naissance lieu_de_naissance ville_naissance quartier libelle_commune
        ciudad municipio localidad poblacion lugar_nacimiento lugar_de_nacimiento barrio colonia
        citta comune luogo_nascita luogo_di_nascita localita cidade localidade bairro naturalidade concelho freguesia
        plaats woonplaats geboorteplaats gemeente stad miasto miejscowosc gmina miejsce_urodzenia miejsce_zamieszkania
        sehir şehir ilce dogum_yeri stad kommun ort_namn poststed fodested fodelseort syntymapaikka kaupunki kunta
        telepules varos mesto obec oras localitate
        город населенныи_пункт место_рождения село місто 城市 市 市区町村
        出身地 出生地 籍贯 도시 시군구 출생지 مدينة المدينة مكان_الميلاد עיר
        kota kota_lahir tempat_lahir desa thanh_pho noi_sinh que_quan szuletesi_hely varos_nev lakhely
        mesto_narozeni miesto_narodenia bydlisko localitatea orasul loc_nasterii grad mjesto mjesto_rodjenja naselje
        πολη τοπος_γεννησης עיר_מגורים ישוב เมือง สถานที่เกิด 거주지 거주도시 출생도시 शहर गांव जन्म_स्थान المدن
        مكان_الولادة
        محل_الميلاد القرية محل_تولد місто_проживання нас_пункт населений_пункт город_проживания miejsc
        miejscowosc_zamieszkania urodzony_w ilce_adi sehir_adi il_adi dogum_yer dogyeri kommune fodesby postort
        bostadsort nazwa_miasta ciudad_nacimiento ciudad_residencia lugar_residencia municipio_residencia
        cidade_nascimento municipio_nascimento luogo_residenza citta_residenza comune_residenza comune_nascita
        ville_residence commune_naissance commune_residence geburtsstadt geburts_ort wohn_ort plaatsnaam woonpl
        gebplaats
        twn cty
        lga local_government_area barangay brgy comuna dorp geboorteplek voorstad hemort hemkommun fodelsekommun bynavn
        postitoimipaikka kotikunta asuinpaikka sveitarfelag fæðingarstaður misto_narozeni kraj_rojstva obcina opcina
        opstina град место_рођења општина helyseg locul_nasterii населено_място място_на_раждане община τοπος_γεννησεως
        δημος sehri belde gorod місце_народження linn sunnikoht asula pilseta dzimsanas_vieta novads miestas
        gimimo_vieta gyvenviete savivaldybe bandar xa_phuong lugar_ng_kapanganakan
        城镇 鄉鎮市區 籍貫 都市名 市町村 출신지 เขต
        गाँव नगर محل_الولادة מקום_לידה יישוב شهر روستا ciutat lloc_de_naixement misto_bydliste mesto_bydliska
        mjesto_stanovanja trvaly_pobyt_mesto miejsce_zam
    """),
    hints=words("""
        location loc place residence lives_in lived_in birth origin destination area geography standort lieu lugar
        bosted poczta poli место место_проживания мјесто vald bayan loc_nastere
        address addresses addr adresse anschrift direccion domicilio endereco indirizzo adres adresa adress adresi
        alamat адрес адреса 地址 住址 住所 주소 العنوان עיר dia_chi lakcim osoite
    """),
    not_names=FLAGS
    + words("""
        id ids code codes number no population size area_sqkm lat lon latitude longitude density tax
        fuel mpg by_line hash
        key index temperature distance elevation timezone time date year url slug pop server ip zone
        resort
    """),
    near=("STREET_ADDRESS", "POSTCODE", "PERSON"),
    prose=_towns,
)
