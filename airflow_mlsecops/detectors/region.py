"""States, provinces, counties and the like, by name or by postal letters, after CLDR and GeoNames (``_gazetteer``).

``state`` is also what an order or a machine is in, and ``region`` is also ``us-east-1`` or ``EMEA``.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector, spelling
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._gazetteer import common_words, region_codes, regions, spellings
from airflow_mlsecops.detectors._hints import FLAGS, words

_CODE = re.compile(r"(?:[A-Z]{2}-)?([A-Z]{2,3})")
_KIND = re.compile(
    r"^(?:state|province|provincia|county|region|région|bundesland|canton|kanton|departement|département|estado|oblast)"
    r"(?: of| de| d['’]| di)? |(?: (?:state|province|county|region|parish|prefecture|district|governorate|oblast|krai"
    r"|область|край|województwo))$",
    re.IGNORECASE,
)
# Districts of which no list has all, told by the word that stands before or after their names.
_DISTRICT = re.compile(
    r"[A-Z][\w.'’ \-]{1,40} (?:County|Parish|Census Area)|(?:Landkreis|Provincia di) [A-Z].{2,40}"
    r"|[А-ЯЁ][а-яё \-]{2,40} (?:район|область|край|округ)"
)
# What an order, a machine or a person may be in: some are letters of a region as well.
_OTHERS = frozenset(
    words("ok on off en no yes na nan null new open closed active in out or me hi pending male female am pm")
)


def _region(cell: str) -> str:
    return (
        spelling(cell) if len(cell) <= 60 and sum(map(str.isalpha, cell)) > 1 and cell.casefold() not in _OTHERS else ""
    )


# Parts of the United States after the Census Bureau, and what GeoNames calls otherwise than people do.
_MORE = frozenset(
    """new england|middle atlantic|mid atlantic|east north central|west north central|south atlantic|east south central
    west south central|mountain|pacific|northeast|midwest|southeast|southwest|lubelskie|kujawsko-pomorskie|opolskie
    warminsko-mazurskie|pomorskie|podlaskie|swietokrzyskie|mazowieckie|malopolskie|wielkopolskie|dolnoslaskie|slaskie
    lodzkie|lubuskie|podkarpackie|zachodniopomorskie""".replace("\n    ", "|").split("|")
)


def _is_known(cell: str) -> bool:
    code = _CODE.fullmatch(cell)
    if code:
        return code[1].casefold() in region_codes()
    name = spellings(cell)[-1]
    # Two letters in lower case are words.
    if len(name) < 4:
        return not name.isascii() and name in regions()
    if name in _MORE:
        return True
    if name in regions():
        return name not in common_words()
    bare = _KIND.sub("", name).strip()
    return (bare != name and bare in regions()) or _DISTRICT.fullmatch(cell) is not None


DETECTOR = Detector(
    entity=Entity(
        name="LOCATION", title="place", role=Role.QUASI, level=Level.INTERNAL, tags=("GDPR", "HIPAA", "CCPA")
    ),
    cell_pattern=r"^[^0-9@#_=<>{}\[\]|~^:;!?]{2,60}$",
    cell=_region,
    known=_is_known,
    common=0.01,
    names=words("""
        tinh_tp tinhtp tinh_thanh tinh_thanh_pho
        province prefecture county counties state_name state_province state_or_province stateprovince us_state
        usa_state home_state state_of_residence state_of_birth birth_state residence_state billing_state shipping_state
        ship_state bill_state mailing_state state_code state_cd state_abbr province_code  admin_region
        ship_region bill_region territory_name administrative_area
        bundesland kanton landkreis kreis nom_departement canton comunidad_autonoma provincia
        departamento_residencia entidad_federativa estado_residencia uf provincie wojewodztwo powiat lansnamn fylke
        область регион краи район субъект 省 省份 州 都道府県 県 区县 시도 المحافظة المنطقة ولاية
        provinsi propinsi kabupaten kecamatan kelurahan negeri tinh tinh_thanh quan_huyen phuong_xa megye jaras
        okres judet judetul zupanija opcina regiao_administrativa νομος περιφερεια מחוז נפה
        จังหวัด อำเภอ ตำบล 도 시도명 구군 राज्य जिला प्रांत الولاية محافظة إمارة استان республика область_край
        федеральный_округ регион_проживания область_проживання bundesland_kanton kanton_wohnort
        region_administrative estado_provincia edo sigla_provincia prov lan_namn maakunta
        woj wojew il_ilce mahalle mahallesi semt
        prov_cd prov_code
        governorate emirate regierungsbezirk distrito provinsie laani sysla landshluti regija statisticna_regija okrug
        жупанија округ regiune maakond rajons apskritis rajonas
        huyen lalawigan rehiyon probinsya 所在省 縣市 प्रदेश שם_מחוז
        شهرستان comunitat_autonoma субъект_рф
    """),
    hints=words("""
        state region regions st district territory area location estado staat stato regiao regione il origin birth zone
        geography address residence
        departamento distrik landskap kraj bolge ilce daerah jud 地区 地方 지역 ภาค אזור comarca regio rayon раион
        departement departements entidad
    """),
    not_names=FLAGS
    + words("""
        id ids number no population order payment machine device workflow task job run connection session transaction
        process vm instance power charge battery mental solid statement gdp aws cloud availability cpu memory gas brain
        chromosome time date year tax statements income population_density amount income_tax quantity
        departemen department gioi
    """),
    near=("STREET_ADDRESS", "POSTCODE", "PERSON", "PHONE_NUMBER"),
)
