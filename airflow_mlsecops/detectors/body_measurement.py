"""Height, weight and body mass index of persons.

Cars, parcels, penguins and pictures have weights and heights as well: ``weight`` counts only with a person's numbers
in a table that tells age, gender or health.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words

_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_FEET = re.compile(r"([3-7]) ?(?:'|ft|-|feet|′) ?([0-9]{1,2}(?:\.[0-9])?)? ?(?:\"|in|''|″|inches)?")


def _measure(cell: str) -> str:
    return cell.casefold().replace(" ", "").replace(",", ".")


def _is_persons(cell: str) -> bool:
    if _FEET.fullmatch(cell):
        return True
    numbers = _NUMBER.findall(cell)
    number = float(numbers[0].replace(",", ".")) if numbers else 0.0
    # Kilograms, pounds, centimetres, inches and the index; or metres and feet.
    return 10 <= number <= 500 or 1.0 <= number <= 7.5


DETECTOR = Detector(
    entity=Entity(
        name="BODY_MEASUREMENT",
        title="height or weight of a person",
        role=Role.HEALTH,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-9", "HIPAA"),
    ),
    cell_pattern=r"""^[0-9]{1,3}(?:[.,][0-9]{1,15})? ?(?:(?i:kgs?|lbs?|pounds|cms?|m|inches|in|ft)\.?)?$"""
    r"""|^[3-7] ?(?:'|ft|-|feet|′) ?(?:[0-9]{1,2}(?:\.[0-9])?)? ?(?:"|in|''|″|inches)?$""",
    cell=_measure,
    known=_is_persons,
    common=0.33,
    names=words("""
        patient_weight patient_height body_weight body_height body_mass_index bodyweight bodyheight
        waist_circumference hip_circumference waist_cm body_fat body_fat_percentage bodyfat height_ft_in player_weight
        player_height birth_weight_grams_baby korpergewicht koerpergewicht korpergrosse koerpergroesse korpergroße
        poids_patient imc_paciente peso_corporal estatura talla_peso altezza_paziente lichaamsgewicht lichaamslengte
        waga_ciala vucut_agirligi
        kroppsvikt kroppsvekt kropsvægt kroppslangd masa_ciala masa_tela telesna_hmotnost telesna_vaha telesna_vyska
        testsuly testmagassag масса_тела berat_badan tinggi_badan can_nang chieu_cao berat_kg tour_de_taille buikomvang
        midjematt bb_kg tb_cm 体脂肪率 체지방률 kehakaal kermena_svars kuno_svoris
    """),
    hints=words("""
        weight height bmi wt ht weight_kg height_cm weight_lbs height_in gewicht grosse groesse große poids taille
        peso altura talla altezza imc lengte waga wzrost kilo boy_kilo vikt langd vekt hoyde вес рост 体重 身高 身長
        وزن طول
        waist massa hojde vægt paino pituus þyngd hæð hmotnost vyska vaha teza visina tezina тежина висина magassag
        greutate inaltime тегло ръст височина βαρος υψος boy boyu имт вага зріст pikkus svars augums svoris ugis berat
        tinggi timbang taas 體重 체중 몸무게 키 신장 น้ําหนัก ส่วนสูง वजन ऊंचाई الوزن الطول משקל גובה قد alcada
    """),
    not_names=words("""
        vehicle car curb gross net tare shipping package parcel product item order freight molecular atomic sample
        case class loss image img pixel building tree plant wave window screen page font line row seat ceiling water
        sea animal dog cat fish egg tire wheel sensor model layer edge node index_weight portfolio asset market survey
        person_weight final category status type unit units date flag goal target change crown stem stack bar
    """),
    near=("AGE", "GENDER", "DATE_OF_BIRTH", "VITAL_SIGN", "HEALTH_CONDITION", "HEALTH_STATUS"),
)
