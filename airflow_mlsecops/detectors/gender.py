"""Gender or sex of persons: words in many languages, and one-letter or one-digit codes in columns named so.

``genre`` is a film's or a song's as often as a person's. ``Men`` and ``Women`` alone may be shelves of a shop.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import folded, mentions, vocabulary

# Full words for persons only; "men" and "boys" name departments too.
_WORDS = vocabulary("""
    male|female|man|woman|cis male|cis female|cis man|cis woman
    trans man|trans woman|nonbinary|non binary|transgender|trans male|trans female|genderqueer|genderfluid
    gender fluid|agender|she her|he him|they them|she they|he they|she her hers|he him his|they them theirs
    bigender|polygender|intersex|cisgender|mannlich|maennlich|weiblich|divers|masculin|feminin|femme|homme|masculino
    femenino|feminino|hombre|mujer|homem|mulher|maschio|femmina|maschile|femminile|mannelijk|vrouwelijk|vrouw
    mezczyzna|kobieta|erkek|kadin|kadın|kvinna|kvinde|kvinne|мужской|женский|мужчина|женщина|муж|жен|男|女|男性|女性
    남|여|남자|여자|남성|여성|ذكر|أنثى|انثى|पुरुष|महिला|स्त्री|nam gioi|laki laki|perempuan|pria|wanita|αρσενικο
    θηλυκο|muz|zena|ferfi|no
""") - {"no"}
_OTHER_WORDS = vocabulary("""
    men|women|boy|girl|boys|girls|mann|frau|garcon|fille|uomo|donna|man vrouw|other|andere|autre|otro|outro
    altro|prefer not to say|not specified|unspecified|undisclosed|diverse|unknown|unbekannt|decline to answer|lady
    gentleman|mixed|both|not known|not applicable|neutral|gender neutral|unisex|fem|masc|mas|mr|mrs|ms|non conforming
    gender non conforming|x|t|nam|nu|nữ
""")
_ALL = _WORDS | _OTHER_WORDS
# Letters of M and F in many languages, ISO/IEC 5218 and other codes; standardised codes are small fractions.
_CODE = re.compile(r"[mfwvdxhukniobeptcsMFWVDXHUKNIOBEPTCSжмЖМ]|-?[0-9](?:\.[0-9]{1,20})?|[1-2][0-9]")


# As pages say it in their markup.
_MARKUP = re.compile("https?://schema.org/(Male|Female)(?:Type)?")


def _gender(cell: str) -> str:
    cell = _MARKUP.sub(r"\1", cell)
    if _CODE.fullmatch(cell):
        return cell.casefold()
    return folded(cell) if mentions(cell, _ALL, longest=3) else ""


def _is_known(cell: str) -> bool:
    """A word, or several of them as answers to one question: ``weiblich/divers``."""
    cell = _MARKUP.sub(r"\1", cell)
    return folded(cell) in _WORDS or ("/" in cell and all(folded(part) in _WORDS for part in cell.split("/")))


DETECTOR = Detector(
    entity=Entity(name="GENDER", title="gender", role=Role.QUASI, level=Level.INTERNAL, tags=("GDPR", "CCPA")),
    cell_pattern=r"^[^\n@]{1,40}$",
    cell=_gender,
    known=_is_known,
    # What is mostly "male" and "female" is gender: two values must suffice.
    common=0.0002,
    names=words("""
        gender genders gender_code gender_identity gender_cd gendercode sex sexes sex_code sex_cd gndr geschlecht
        personal_status_sex sexe sexo genero sesso geslacht plec płec płeć cinsiyet kon kön kjonn kjønn køn koen
        pohlavi pohlavie nem sukupuoli jenis_kelamin kelamin gioi_tinh пол стать 性别 性別 성별 الجنس جنس लिंग φυλο
        sexo_paciente sesso_paziente jk jns_kelamin l_p neme ivar nembe sugu lytis dzimums spol pol_pacjenta cinsi
        cins pohl מין מגדר เพศ 남녀 성 النوع_الاجتماعي جنسیت लिंग_भेद gioitinh sexul kjon kjoenn koenn geslacht_code
        sexe_patient civ_sexe sex_desc gender_desc pt_sex sx
        gendr cinsiyeti
        genere jantina phai kasarian 男女 せいべつ 남녀구분 เพศสภาพ geslag geschl nembeli 性別コード civilite_sexe
    """),
    hints=words("""
        genre personal_status who salutation_gender demographic m_f male_female kyn النوع geni filo pol phai
    """),
    not_names=words("""
        ratio count pct percent percentage rate score gap equality index probability prob offender product category
        preference preferred target partner education appeal content chromosome hormone department collection life
        sussex essex
    """),
    near=("PERSON", "AGE", "DATE_OF_BIRTH"),
)
