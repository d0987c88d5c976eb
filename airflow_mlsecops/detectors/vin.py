"""Vehicle identification numbers (ISO 3779): seventeen letters and digits without I, O and Q.

The ninth is a check digit in North America and China (49 CFR 565.15); elsewhere it is filler, so that a number counts
as known if it begins with a manufacturer's code instead. Eight or ten first characters name a model, not a car.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_NUMBER = re.compile(r"(?<![0-9A-Za-z])[A-HJ-NPR-Z0-9]{17}(?![0-9A-Za-z])", re.IGNORECASE)
_VALUES = dict(
    zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", [*range(10), *range(1, 9), *range(1, 6), 7, 9, *range(2, 10)], strict=True)
)
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
# Makers whose cars need no check digit: mostly of Europe, Japan and Korea (SAE J1044).
_MAKERS = frozenset(
    words("""
    WBA WBS WBX WBY WVW WV1 WV2 WVG WAU WUA WDB WDC WDD WDF W1K W1N W1V WMW WME WP0 WP1 W0L W0V WF0 WMA TMB TMA TRU TSM
    VF1 VF3 VF6 VF7 VF8 VR1 VR3 VR7 VSS VSK VSX VS6 VWV VNK VNV ZFA ZAR ZFF ZHW ZLA ZAM ZCF SAL SAJ SAR SB1 SCA SCB SCC
    SHH SJN SUP YV1 YV2 YS2 YS3 YSM XTA XW8 X7L XLR NMT NM0 NM4 NLH UU1 LRW JHM JMB JMZ JN1 JT1 JTD JTE JTH JTM JTN JF1
    JSA KMH KNA KNE KLA KPT MAL MA1 MAT MBH MRH PL1 9BW 93H 8AP
    """)
)


def _numbers(run: str) -> Iterator[Span]:
    return ((*match.span(), match[0].upper()) for match in _NUMBER.finditer(run) if _known(match[0]))


def _number(cell: str) -> str:
    return cell.upper() if sum(c.isdigit() for c in cell) >= 3 and len(set(cell)) > 5 else ""


def _known(cell: str) -> bool:
    number = _number(cell)
    # A serial number ends it; letters alone before it are a word.
    if not number or not number[-4:].isdigit() or number.isdigit():
        return False
    return number[:3] in _MAKERS or _passes(number)


def _passes(number: str) -> bool:
    total = sum(_VALUES[character] * weight for character, weight in zip(number, _WEIGHTS, strict=True))
    return number[8] == "0123456789X"[total % 11]


DETECTOR = Detector(
    entity=Entity(
        name="VIN",
        title="vehicle identification number",
        role=Role.QUASI,
        level=Level.CONFIDENTIAL,
        tags=("GDPR", "HIPAA", "DPPA"),
    ),
    pattern=r"(?i:\bvin\b|\bchassis|vehicle identification number|fahrgestell(?:nummer|nr)?)[^\n0-9A-Za-z]{0,4}"
    r"(?i:(?:no|number|nr|num|is)\b)?[^\n0-9A-Za-z]{0,4}[A-HJ-NPR-Za-hj-npr-z0-9]{8}[0-9A-Za-z]*",
    find=_numbers,
    checked=True,
    cell_pattern=r"^[A-HJ-NPR-Za-hj-npr-z0-9]{17}$",
    cell=_number,
    known=_known,
    common=0.0005,
    names=words("""
        vin vin_number vin_no vin_code vehicle_identification_number vehicle_id_number chassis_number chassis_no
        chassis fahrgestellnummer fin numero_chassis numero_de_chasis numero_bastidor bastidor telaio numero_telaio
        chassi numer_vin 车架号 车辆识别代号 車台番号 вин_код вин
        vehicle_identification_no chassis_nr frame_no frame_number_vehicle fahrzeug_identifizierungsnummer
        fahrzeugidentifizierungsnummer fahrzeugidentnummer fahrzeug_identnr fahrzeug_identnummer fahrgestellnr
        fahrgestell_nr fgstnr fgst_nr numero_serie_vehicule serie_vehicule chasis num_chasis n_chasis
        numero_serie_vehicular serie_vehicular niv_vehiculo niv numero_do_chassi chassisnummer chassisnr
        voertuigidentificatienummer onderstelnummer onderstelnommer understellsnummer understellsnr chassinummer
        chassinr stelnummer stelnr stel_nr runkonumero alustanumero alustanro valmistenumero_auto grindarnumer
        verksmidjunumer numer_nadwozia nr_nadwozia numer_podwozia nr_podwozia cislo_karoserie c_karoserie
        cislo_podvozku c_podvozku stevilka_sasije st_sasije broj_sasije br_sasije sasija број_шасије alvazszam
        alvaz_szama serie_sasiu numar_sasiu nr_sasiu nr_identificare_vehicul номер_на_рама номер_на_шаси no_на_рама
        αριθμος_πλαισιου αρ_πλαισιου πλαισιο ar_plaisiou sasi_no sase_no saseno sasi_numarasi sase_numarasi şasi_no
        şase_no номер_кузова номер_шасси номер_рамы номер_кузову kerenumber tehasetahis sasijas_numurs
        vaziuokles_numeris kebulo_numeris kebulo_nr nomor_rangka no_rangka no_casis nombor_casis so_khung sokhung
        车辆识别码 车辆识别代码 車身號碼 車架號 車架號碼 底盘号 大架号 車輛識別號碼 車体番号 車両識別番号
        シャシー番号 フレーム番号 차대번호 차대_번호 차량식별번호 차량_식별번호 เลขตัวถัง เลขถัง หมายเลขตัวถัง
        เลขตัวรถ หมายเลขตัวรถ เลขคัสซี चेसिस_नंबर चेसिस_संख्या رقم_الهيكل رقم_الشاصي رقم_الشاسيه מספר_שלדה מספר_שילדה
        מס_שלדה שלדה شماره_شاسی شاسی شماره_بدنه numero_xassis
        şasi_numarası şase_numarası
    """),
    hints=words("vehicle serial serial_number car truck asset unit"),
    not_names=FLAGS
    + words("""
        prefix wine pattern fines
    """),
)
