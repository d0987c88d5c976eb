"""Racial or ethnic origin of persons (GDPR art. 9): census categories, in columns named so or by the words.

``race`` is run as often as it is ascribed, and ``raza`` a dog's as well: there the words decide, so that no Grand Prix,
number or breed is one.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import folded, mentions, vocabulary

# "white" and "black" are colours, "indian" and "chinese" cuisines: they count only beside what is neither.
_CERTAIN = vocabulary("""
    caucasian|african american|black or african american|hispanic|latino|latina|latinx|hispanic or latino
    latin american|non hispanic|nonhispanic|not hispanic|not hispanic or latino|non hispanic white|white non hispanic
    black non hispanic|american indian|american indian or alaska native|alaska native|alaskan native
    amer indian eskimo|native american|native hawaiian|native hawaiian or other pacific islander|pacific islander
    asian pac islander|asian or pacific islander|asian pacific islander|asian american|south asian|east asian
    southeast asian|black african|black caribbean|black british|white british|white irish|white other
    any other white background|white european|middle eastern|two or more races|two or more|multiracial|multi racial
    biracial|mixed race|mestizo|mulatto|romani|aboriginal|indigenous|first nations|inuit|metis|maori|pasifika
    afro caribbean|african caribbean|afrolatino|arab american|pardo|parda|preto|preta|branca|branco|amarela|indigena
    afrodescendiente|moreno|blanco|negro|han|han chinese|uyghur|uighur|zhuang|malay|bumiputera|javanese|sundanese
    yoruba|igbo|hausa|kurdish|汉族|回族|满族|维吾尔族|藏族|壮族|蒙古族|苗族
""")
_LIKELY = _CERTAIN | vocabulary("""
    white|black|asian|other|mixed|indian|chinese|african|european|arab|unknown|declined|decline to state|other race
    pakistani|bangladeshi|japanese|korean|filipino|vietnamese|oriental|multi ethnic|american|weiss|schwarz|asiatisch
    blanc|noir|asiatique|blanca|negra|asiatico|group a|group b|group c|group d|group e
""")
_TINTS = frozenset(words("white black asian other mixed"))


# "1. White": answers of a questionnaire with their numbers.
_NUMBERED = re.compile(r"^[0-9]{1,2} ?[.):\-] ?")


def _race(cell: str) -> str:
    spelt = folded(cell)
    letters = sum(map(str.isalpha, spelt))
    return spelt if letters > 1 or (spelt and not spelt.isascii()) or len(cell) == 1 else ""


def _is_race(cell: str) -> bool:
    spelt = folded(_NUMBERED.sub("", cell))
    return spelt in _CERTAIN or spelt in _TINTS or (len(spelt) > 8 and mentions(cell, _CERTAIN))


DETECTOR = Detector(
    entity=Entity(
        name="RACE_ETHNICITY",
        title="racial or ethnic origin",
        role=Role.SPECIAL,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-9", "CCPA"),
    ),
    cell_pattern=r"^[^\n@]{1,80}$",
    cell=_race,
    known=_is_race,
    common=0.002,
    names=words("""
        ethnicity ethnicities ethnic ethnic_group ethnic_origin ethnicity_code race_ethnicity raceethnicity race_eth
        race_desc race_code race_name race_category patient_race racial racial_group ethnie ethnische_herkunft
        ethnische_zugehorigkeit origine_ethnique etnia origen_etnico grupo_etnico cor_raca raca_cor raca
        origine_etnica etniciteit etnische_afkomst pochodzenie_etniczne etnik_koken etnicitet
        этническая_принадлежность этнос 民族 人种 人種 العرق जाति
        hispanic is_hispanic hispanic_latino hispanic_or_latino hispanic_origin latino ethnic_background
        ethnicity_desc patient_ethnicity volkszugehorigkeit grupo_racial raca_etnia cor_ou_raca cor_pele
        autodeclaracao_racial appartenance_ethnique etnisk_bakgrund etnikum nemzetiseg_etnikum narodnost suku
        suku_bangsa dan_toc etnie φυλη εθνοτητα этническая_группа этн_принадлежность קבוצה_אתנית 인종 민족구분
        जातीयता เชื้อชาติ الأصل_العرقي
        population_group tribe tribal_affiliation caste caste_category volksgruppe groupe_ethnique gruppo_etnico
        etnische_groep etnische_achtergrond etnisiteit bevolkingsgroep etnisk_bakgrunn etnisk_oprindelse
        etnisk_opprinnelse etnisitet etninen_tausta etninen_ryhma etninen_alkupera kynþattur grupa_etniczna
        etnicka_prislusnost etnicky_puvod etnicita etnicka_pripadnost narodnostna_pripadnost nacionalna_pripadnost
        етничка_припадност етническа_принадлежност етнос етнічна_приналежність etnikai_hovatartozas grup_etnic
        εθνοτικη_ομαδα irk etnisite раса расовая_принадлежность etniline_paritolu etniska_izcelsme etnine_kilme
        etnis etnisidad katutubo suku_etnis 种族 族裔 種族 族群
        原住民 민족 ชาติพันธุ์ नस्ल जाति_वर्ग القبيلة عرق מוצא מוצא_אתני
        قومیت نژاد قوم
    """),
    hints=words("""
        raza razza rasse rasa rase
        race races ethno ancestry cor origin skin_color heritage rass kaum bangsa keturunan lahi social_category
        indigenous
    """),
    not_names=words("""
        number no date time track circuit horse car result position rank winner distance points driver season round
        condition count pct percent share rate neutral id laps lap grid url
        broadcast
    """),
    near=("PERSON", "GENDER", "AGE", "DATE_OF_BIRTH", "RELIGION"),
)
