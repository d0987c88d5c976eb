"""Race of persons as a code of one digit or two letters, in a column ``race`` beside a person's other facts.

What a code means stands elsewhere, and races that are run are numbered as well: age or gender must stand near by.
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors.race_ethnicity import DETECTOR as RACE_ETHNICITY

DETECTOR = Detector(
    entity=RACE_ETHNICITY.entity,
    cell_pattern=r"^(?:[0-9]|[A-Z]{1,2})$",
    # With 1.6 bits the values do not outweigh doubt, and with what stands near by they do.
    common=0.33,
    names=words("race_cd race_code patient_race mother_race mothers_race father_race race_of_respondent"),
    hints=words("race"),
    not_names=RACE_ETHNICITY.not_names,
    near=("GENDER", "AGE", "DATE_OF_BIRTH", "HEALTH_STATUS", "BODY_MEASUREMENT"),
)
