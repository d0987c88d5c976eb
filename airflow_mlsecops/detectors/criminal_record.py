"""Criminal convictions and offences of persons (GDPR art. 10), in columns named so.

``offense`` is the other half of a football team, ``charge`` a price and ``conviction`` a certainty: phrases count.
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import folded, mentions, vocabulary

_OFFENCES = vocabulary("""
    murder|manslaughter|homicide|assault|aggravated assault|battery|robbery|burglary|theft|larceny|grand theft|arson
    rape|sexual assault|kidnapping|fraud|forgery|embezzlement|extortion|bribery|perjury|money laundering
    drug possession|drug trafficking|possession of cannabis|possession of cocaine|dui|dwi|driving while intoxicated
    domestic violence|trespassing|vandalism|prostitution|disorderly conduct|misdemeanor|felony|misdemeanour
    shoplifting|stalking|weapons|criminal mischief|resisting arrest|driving under the influence|diebstahl|betrug
    korperverletzung|raub|mord|vol|meurtre|agression|escroquerie|robo|hurto|asesinato|estafa|furto|roubo|homicidio
    omicidio|rapina|truffa
""")

DETECTOR = Detector(
    entity=Entity(
        name="CRIMINAL_RECORD",
        title="criminal record",
        role=Role.SPECIAL,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-10", "FCRA"),
    ),
    cell_pattern=r"^[^\n]{1,300}$",
    cell=folded,
    known=lambda cell: mentions(cell, _OFFENCES),
    common=0.003,
    names=words("""
        criminal_record criminal_records criminal_history criminal_offence criminal_offense criminal_conviction
        criminal_background convictions conviction_date prior_convictions priors_count prior_arrests felony felonies
        felony_conviction misdemeanor misdemeanors juv_fel_count juv_misd_count arrest_record arrest_date
        arrest_charge arrest_history c_charge_desc c_charge_degree charge_degree r_charge_desc is_recid two_year_recid
        is_violent_recid recidivism offender_id offender sentence_length prison_time inmate_id incarcerated
        incarceration sex_offender parole probation_status rap_sheet police_record background_check_result vorstrafe
        vorstrafen vorstrafenregister strafregister fuhrungszeugnis fuehrungszeugnis straftat casier_judiciaire
        condamnation condamnations infraction_penale antecedentes_penales antecedentes condena delito
        casellario_giudiziale precedenti_penali condanna antecedentes_criminais condenacao strafblad strafrechtelijk
        veroordeling karalnosc niekaralnosc sabika_kaydi adli_sicil brottsregister straffeattest судимость 犯罪记录
        前科 犯罪歴 범죄경력 سجل_جنائي
    """),
    hints=words("offense offence charge charges crime crime_type violation arrest conviction charge_desc"),
    not_names=words("price fee amount battery station shipping count_total rate per_capita city beat district credit"),
    near=("PERSON", "RACE_ETHNICITY", "GENDER", "DATE_OF_BIRTH"),
)
