"""Nationality or citizenship of persons, in columns named so: the words alone are languages and cuisines as well."""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import folded, vocabulary

_DEMONYMS = vocabulary("""
    afghan|albanian|algerian|american|angolan|argentine|argentinian|armenian|australian|austrian|azerbaijani
    bangladeshi|belarusian|belgian|bolivian|bosnian|brazilian|british|bulgarian|cambodian|cameroonian|canadian|chilean
    chinese|colombian|congolese|costa rican|croatian|cuban|cypriot|czech|danish|dominican|dutch|ecuadorian|egyptian
    emirati|english|eritrean|estonian|ethiopian|filipino|finnish|french|georgian|german|ghanaian|greek|guatemalan
    haitian|honduran|hungarian|icelandic|indian|indonesian|iranian|iraqi|irish|israeli|italian|ivorian|jamaican
    japanese|jordanian|kazakh|kenyan|korean|south korean|north korean|kosovan|kuwaiti|kyrgyz|laotian|latvian|lebanese
    libyan|lithuanian|luxembourgish|macedonian|malaysian|malian|maltese|mexican|moldovan|mongolian|montenegrin
    moroccan|mozambican|burmese|namibian|nepalese|nepali|new zealander|nicaraguan|nigerian|norwegian|omani|pakistani
    palestinian|panamanian|paraguayan|peruvian|polish|portuguese|qatari|romanian|russian|rwandan|salvadoran|saudi
    scottish|senegalese|serbian|singaporean|slovak|slovenian|somali|south african|spanish|sri lankan|sudanese
    surinamese|swedish|swiss|syrian|taiwanese|tajik|tanzanian|thai|togolese|tunisian|turkish|turkmen|ugandan|ukrainian
    uruguayan|uzbek|venezuelan|vietnamese|welsh|yemeni|zambian|zimbabwean|deutsch|osterreichisch|schweizerisch
    franzosisch|italienisch|spanisch|turkisch|polnisch|francaise|francais|allemande|espanol|espanola|mexicana|mexicano
    brasileira|brasileiro|portuguesa|italiana|italiano
""")


def _nationality(cell: str) -> str:
    spelt = folded(cell)
    return spelt if sum(map(str.isalpha, spelt)) > 1 or not spelt.isascii() else ""


DETECTOR = Detector(
    entity=Entity(
        name="NATIONALITY", title="nationality", role=Role.QUASI, level=Level.INTERNAL, tags=("GDPR", "CCPA")
    ),
    cell_pattern=r"^[^0-9\n@]{2,60}$",
    cell=_nationality,
    known=lambda cell: folded(cell) in _DEMONYMS,
    common=0.03,
    names=words("""
        nationality nationalities nationalty citizenship citizen_of country_of_citizenship citizenship_country
        staatsangehorigkeit staatsangehoerigkeit nationalitat nationalitaet staatsburgerschaft staatsbuergerschaft
        nationalite citoyennete nacionalidad ciudadania nazionalita cittadinanza nacionalidade cidadania nationaliteit
        narodowosc obywatelstwo uyruk vatandaslik nationalitet medborgarskab medborgarskap statsborgerskab
        statsborgerskap гражданство национальность 国籍 국적 الجنسية राष्ट्रीयता kewarganegaraan
        staatsang staatsangeh nasionaliteit burgerskap staatsburgerschap statsborgarskap kansalaisuus rikisfang þjoðerni
        statni_obcanstvi obcanstvi statni_prislusnost narodnost statna_prislusnost obcianstvo drzavljanstvo држављанство
        националност allampolgarsag allampolg nemzetiseg cetatenie cetatenia nationalitate υπηκοοτητα εθνικοτητα
        ιθαγενεια uyrugu vatandasligi громадянство національність kodakondsus rahvus valstspiederiba pilsoniba tautiba
        pilietybe tautybe warganegara warga_negara kebangsaan quoc_tich
        nasyonalidad pagkamamamayan 國籍 こくせき 국적코드 สัญชาติ
        नागरिकता جنسية אזרחות נתינות לאום ملیت تابعیت nacionalitat ciutadania nation_code natlty nat_code
        nationalite_code wni_wna
    """),
    hints=words("""
        native_country country_of_birth origin citizen citizens narod
    """),
    not_names=words("count number total team airline company index flag_url"),
    near=("PERSON", "PASSPORT", "DATE_OF_BIRTH"),
)
