"""Registration plates of vehicles, by the column's name or as most countries write them.

https://en.wikipedia.org/wiki/Vehicle_registration_plates_by_country gives each authority's format. Letters and digits
in turn are what codes of products, flights and rooms look like, so that a column of them needs a name that hints at it.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_LETTERS = "0-9A-Za-zÀ-ÿА-Яа-я\u4e00-\u9fff\u3040-\u30ff\u0600-\u06ff"
_KNOWN = re.compile(
    r"[A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2} ?[0-9]{1,4}[EH]?"  # Germany
    r"|[A-HJ-NP-TV-Z]{2}[ -]?[0-9]{3}[ -]?[A-HJ-NP-TV-Z]{2}"  # France, Italy
    r"|[A-Z]{2}[0-9]{2} ?[A-Z]{3}|[A-Z][0-9]{1,3} ?[A-Z]{3}"  # United Kingdom
    r"|[0-9]{4}[ -]?[B-DF-HJ-NP-TV-Z]{3}"  # Spain
    r"|[A-Z]{2}-[0-9]{3}-[A-Z]|[0-9]{2}-[A-Z]{2,3}-[0-9]{1,2}|[A-Z]-[0-9]{3}-[A-Z]{2}"  # Netherlands
    r"|[A-Z]{2}-[0-9]{2}-[A-Z]{2}"  # Portugal, Netherlands
    r"|[A-Z]{2,3} ?[0-9A-Z]{4,5}(?: [A-Z]{1,2})?"  # Poland
    r"|[A-Z]{3}[ -]?[0-9][0-9A-Z][0-9]{2}"  # Brazil, Sweden, many of the United States
    r"|[0-9][A-Z]{3}[0-9]{3}|[A-Z]{3}[ -]?[0-9]{3,4}|[0-9]{3}[ -][A-Z]{3}"  # United States
    r"|[A-Z]{2}[ -]?[0-9]{1,2}[ -]?[A-Z]{1,3}[ -]?[0-9]{4}"  # India
    r"|[АВЕКМНОРСТУХABEKMHOPCTYX] ?[0-9]{3} ?[АВЕКМНОРСТУХABEKMHOPCTYX]{2} ?[0-9]{2,3}"  # Russia
    r"|[\u4e00-\u9fff][A-Z][ ·-]?[0-9A-Z]{5,6}"  # China
    r"|[0-9]{2} ?[A-Z]{1,3} ?[0-9]{2,5}"  # Turkey
)


def _plate(cell: str) -> str:
    plate = "".join(c for c in cell.upper() if c.isalnum())
    return plate if 3 <= len(plate) <= 10 and len(set(plate)) > 1 and any(c.isdigit() for c in plate) else ""


DETECTOR = Detector(
    entity=Entity(
        name="LICENSE_PLATE",
        title="registration plate",
        role=Role.QUASI,
        level=Level.CONFIDENTIAL,
        tags=("GDPR", "HIPAA", "DPPA"),
    ),
    cell_pattern=rf"^[{_LETTERS}][{_LETTERS} ·.\-]{{1,14}}$",
    cell=_plate,
    known=lambda cell: _KNOWN.fullmatch(cell.upper()) is not None,
    common=0.1,
    names=words("""
        license_plate licence_plate plate_number plate_no plate_num number_plate vehicle_plate car_plate
        license_plate_number registration_plate vehicle_registration vehicle_registration_number vehicle_reg reg_plate
        vrn vrm car_registration kennzeichen nummernschild amtliches_kennzeichen autokennzeichen
        immatriculation plaque_immatriculation numero_immatriculation matricula_vehiculo placa placas targa kenteken
        tablica_rejestracyjna numer_rejestracyjny plaka registreringsnummer nummerplade гос_номер госномер
        номерной_знак 车牌 车牌号 車牌 ナンバープレート 차량번호
    """),
    hints=words("plate registration reg_no reg_number matricula registration_number license tag_number"),
    not_names=FLAGS
    + words("date state country well assay batch reader column row color colour tectonic course student company"),
    near=("VIN",),
)
