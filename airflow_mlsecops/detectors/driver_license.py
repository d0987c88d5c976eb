"""Driving licence numbers, in columns and after words that say so.

The United Kingdom's tell the name and date of birth (DVLA: MORGA657054SM9IJ); some of the United States' are a letter
and digits. "License" alone may be a plate's, a shop's or a program's.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._documents import CELL, announced, code
from airflow_mlsecops.detectors._hints import FLAGS, words

_KNOWN = re.compile(
    # United Kingdom: five letters of the name, decade, month (women: + 50), day, year, initials, check, two letters
    r"(?=[A-Z]{1,5}9{0,4})[A-Z9]{5}[0-9](?:0[1-9]|1[0-2]|5[1-9]|6[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]"
    r"[A-Z][A-Z9][A-Z0-9][A-Z]{2}"
    # California; Florida, Illinois, Michigan, New Jersey ...: a letter and so many digits
    r"|[A-Z][0-9]{7,8}|[A-Z][0-9]{11,14}|[A-Z][0-9]{3}(?:-[0-9]{3,4}){2,3}(?:-[0-9])?"
)
_PATTERN, _FIND = announced(
    "driv(?:er'?s?|ing) licen[cs]e|driver lic|dl (?:no|number)|f[uü]hrerschein(?:nummer)?|permis de conduire"
    "|licencia de conducir|carnet de conducir|patente di guida|carta de condu[cç][aã]o|cnh|rijbewijs(?:nummer)?"
    "|prawo jazdy|ehliyet|k[oö]rkort",
    code(5, 18, 5),
)

DETECTOR = Detector(
    entity=Entity(
        name="DRIVER_LICENSE",
        title="driving licence number",
        role=Role.DIRECT,
        level=Level.RESTRICTED,
        tags=("GDPR", "CCPA"),
    ),
    pattern=_PATTERN,
    find=_FIND,
    checked=True,
    cell_pattern=CELL,
    cell=code(5, 20, 4),
    known=lambda cell: _KNOWN.fullmatch(cell) is not None,
    common=0.05,
    names=words("""
        driver_license drivers_license driver_s_license driver_licence drivers_licence driver_s_licence
        driving_license driving_licence driver_license_no driver_license_number drivers_license_number
        drivers_license_no driving_license_no driving_license_number driving_licence_no driving_licence_number
        driver_licence_number driverlicense driverslicense driverlicence driverslicence driverlicensenumber
        drivinglicense drivinglicence driver_lic driver_lic_no drivers_lic driver_licenseno dl_no dl_number dl_num
        dlno dlnumber drv_lic drvlic us_driver_license uk_driving_licence license_driver fuhrerschein fuehrerschein
        fuhrerscheinnummer fuehrerscheinnummer fuehrerschein_nr fuhrerschein_nr fuhrerschein_nummer
        fuehrerschein_nummer permis_conduire permis_de_conduire num_permis numero_permis numero_permis_conduire
        licencia_conducir licencia_de_conducir numero_licencia_conducir carnet_conducir carnet_de_conducir
        permiso_conducir permiso_de_conducir patente_guida patente_di_guida numero_patente_guida carta_conducao
        carta_de_conducao cnh numero_cnh cnh_numero carteira_motorista carteira_de_motorista carteira_habilitacao
        rijbewijs rijbewijsnummer rijbewijs_nr prawo_jazdy nr_prawa_jazdy numer_prawa_jazdy ehliyet ehliyet_no
        surucu_belgesi surucu_belgesi_no korkort korkortsnummer korekort korekortnummer forerkort kørekort førerkort
        ajokortti nomor_sim bang_lai giay_phep_lai_xe водительское_удостоверение водительские_права номер_ву 驾照
        驾照号 驾驶证 驾驶证号 驾驶证号码 駕照 駕照號碼 運転免許 運転免許証番号 免許証番号 운전면허 운전면허번호
        رخصة_القيادة رقم_رخصة_القيادة ड्राइविंग_लाइसेंस
        водит_удостоверение водительское_удостов вод_удостоверение вод_удост номер_водительского_удостоверения
        серия_и_номер_ву ву_номер посвідчення_водія no_sim nomor_surat_izin_mengemudi
        surat_izin_mengemudi lesen_memandu no_lesen gplx so_gplx so_bang_lai jogositvany vezetoi_engedely
        vezetoi_engedely_szam ridicsky_prukaz cislo_ridicskeho_prukazu vodicsky_preukaz permis_auto
        permis_de_conducere nr_permis vozacka_dozvola vozniko_dovoljenje αδεια_οδηγησης αριθμος_αδειας_οδηγησης
        רישיון_נהיגה מספר_רישיון_נהיגה ใบขับขี่ เลขใบขับขี่ 면허번호 운전면허증번호 ड्राइविंग_लाइसेंस_नंबर رخصة_السياقة
        رقم_الرخصة گواهینامه fuhrersch fs_nr fs_nummer fahrerlaubnis fahrerlaubnisnummer no_permis permis_cond
        permis_conduire_num lic_conducir licencia_manejo lic_conduccion licencia_conduccion num_licencia_conducir
        brevete cnh_num num_cnh nr_cnh registro_cnh habilitacao num_habilitacao n_patente num_patente patente_numero
        patenteguida rijbewijsnr prawojazdy nr_prawajazdy nr_prawka surucu_bel ehliyetno ehliyet_numarasi
        ehliyet_seri korkortsnr korekortnr forerkortnr dlnum drvlic_no drvr_lic drivers_lic_no drv_license dr_lic
        driver_lic_num driverslic
        dln dl_nbr
        driving_lic_no lto_license lto_license_no licence_no_driver fuhrerausweis fuhrerausweisnummer
        fuehrerausweis n_permis numero_de_permis permis_no licencia_de_manejo pase_conducir pase_de_conducir
        licencia_conductor licencia_de_conductor num_licencia_conductor numero_patente rybewys rybewysnommer
        bestuurderslisensie lisensienommer ajokortin_numero okuskirteini okuskirteinisnumer prawko c_rp cislo_rp
        ridicak ridicskeho_prukazu vodicskeho_preukazu c_vp vozniskega_dovoljenja vozacke_dozvole br_vozacke
        broj_vozacke возачка_дозвола возачке_дозволе jogsi serie_permis permis_conducere шофьорска_книжка
        свидетелство_за_управление сумпс διπλωμα_οδηγησης αρ_διπλωματος adeia_odigisis водійські_права
        водійське_посвідчення juhiluba juhiloa_number juhiloa_nr juhiload autovaditaja_aplieciba
        vaditaja_apliecibas_nr autovaditaja_apliecibas_numurs vairuotojo_pazymejimas vairuotojo_pazymejimo
        nombor_lesen lisensya lisensya_sa_pagmamaneho 駕駛執照 駕駛證 駕駛證號 免許番号 免許証no เลขที่ใบขับขี่
        หมายเลขใบขับขี่ ใบอนุญาตขับรถ ใบอนุญาตขับขี่ चालक_लाइसेंस ड्राइविंग_लाइसेंस_संख्या رخصة_السوق מס_רישיון_נהיגה
        רשיון_נהיגה carnet_conduir carnet_de_conduir permis_conduir permis_de_conduir no_ву
    """),
    hints=words("driver drivers license_number license_no licence_number licence_no lic_no lic_number license licence"),
    not_names=FLAGS
    + words("""
        class state state_of_issue issue issued issuer issuing expiration expire expiry date country plate plates
        points category restriction restrictions endorsement version software product key business medical
        professional physician liquor permit file image photo path url name jdbc odbc gpu device driver_id driver_ref
        driver_number driver_code driver_no years sim_card
    """),
    near=("PERSON", "DATE_OF_BIRTH"),
)
