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
    r"|[0-9]{2} ?[\u0600-\u06ff] ?[0-9]{3}(?:[ -]?[0-9]{2})?"  # Iran
    r"|[A-Z]{1,2} [0-9]{1,4} [A-Z]{1,3}"  # Indonesia
    r"|[0-9]{2}[A-Z][0-9A-Z]?[ -][0-9]{3}\.?[0-9]{2}"  # Vietnam
    r"|[0-9]{2,3}[\uac00-\ud7a3] ?[0-9]{4}"  # Korea
    r"|[A-Z]{1,2}[ -]?[0-9]{2,3}[ -]?[A-Z]{3}"  # Romania, Slovakia
    r"|[ABCEHIKMOPTXАВСЕНІКМОРТХ]{2} ?[0-9]{4} ?[ABCEHIKMOPTXАВСЕНІКМОРТХ]{2}"  # Ukraine
    r"|[A-Z]{3}[0-9]{3}[A-Z]|[A-Z]{3} [0-9]{3}[A-Z]"  # Kenya
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
        veh_reg vehicle_number vehicle_no veh_no veh_reg_no reg_mark license_tag car_reg vehicle_regn_no
        vehicle_registration_no rego rego_no conduction_sticker plate_nr kontrollschild kfz_kz kfzkz
        kfz_kennz kfz_kennzeichen kfzkennzeichen plaque_numero numero_plaque n_plaque plaque_immat immat
        matricula_coche matricula_del_vehiculo matricula_veiculo matricula_do_veiculo matricula_viatura
        matricula_carro matricula_vehicle matricula_del_vehicle patente_vehiculo patente_auto patente_camion
        dominio_vehiculo nummerplaat kentekenplaat kentekennummer nommerplaat registrasienommer voertuig_registrasie
        registreringsskylt regnummer bilens_regnr regnr_bil skiltnummer skiltnr bilnummer bilnr kjennemerke bilskilt
        indregistreringsnummer rekisterinumero rekisteritunnus rekkari rekisterikilpi bilnumer skraningarnumer
        nr_rejestracyjny nr_rej numer_rej tablice_rejestracyjne rejestracja_pojazdu spz rz_vozidla registracni_znacka
        statni_poznavaci_znacka poznavaci_znacka ecv evidencne_cislo_vozidla reg_znacka registrska_stevilka
        registrska_oznaka registrska_tablica reg_oznaka registarska_oznaka registarske_tablice registarski_broj
        регистарска_ознака регистарски_број registracija_vozila rendszam rendszamtabla forgalmi_rendszam
        numar_inmatriculare nr_inmatriculare inmatriculare numar_auto nr_auto регистрационен_номер_автомобил
        номер_на_автомобил дкн_номер αριθμος_κυκλοφοριας αρ_κυκλοφοριας πινακιδα πινακιδας pinakida arac_plaka
        arac_plakasi plaka_no номер_авто номер_автомобиля номер_машины госзнак грз gosnomer гос_знак держномер
        номернии_знак номерний_знак номер_автомобіля державний_номер registreerimisnumber numbrimark
        registreerimismark auto_nr autonumber auto_numurs valsts_numurs valsts_numura_zime numurzime
        valstybinis_numeris valstybinis_nr valst_nr valst_numeris auto_numeris automobilio_numeris nomor_polisi
        no_polisi nopol plat_nomor no_plat no_pol nomor_plat pendaftaran_kenderaan no_kenderaan bien_so bien_so_xe
        bien_kiem_soat bks bsx plaka_ng_sasakyan 车号 車號 号牌号码 牌照号 牌照號碼 車牌號 车牌号码 chepai chepaihao
        車両番号 車両ナンバー 自動車登録番号 登録番号標 車番 自動車番号 차량등록번호 자동차번호 차번호 번호판
        자동차등록번호 차량번호판 차량_번호 ทะเบียนรถ เลขทะเบียน เลขทะเบียนรถ ป้ายทะเบียน หมายเลขทะเบียน
        หมายเลขทะเบียนรถ ทะเบียนรถยนต์ वाहन_संख्या वाहन_नंबर गाड़ी_नंबर गाड़ी_का_नंबर वाहन_पंजीकरण رقم_اللوحة
        رقم_السيارة لوحة_السيارة رقم_المركبة لوحة_المركبة رقم_لوحة_السيارة رقم_اللوحات מספר_רכב לוחית_רישוי מס_רכב
        מספר_רישוי پلاک شماره_پلاک پلاک_خودرو شماره_خودرو شماره_پلاک_خودرو
        araç_plaka araç_plakası
    """),
    hints=words("""
        plate registration reg_no reg_number matricula registration_number license tag_number
        regnr reg_nr plaque patente dominio rejestracja registracija 登録番号 регистрационный_номер
        регистрационен_номер рег_номер реєстраційний_номер reg_broj reg_st पंजीकरण_संख्या reknro registrierungsnummer
        tablice ナンバー rz numero_immatricolazione
        car_number
    """),
    not_names=FLAGS
    + words("""
        date state country well assay batch reader column row color colour tectonic course student company
        guida di_guida registrovano estudiante alumno aluno alumne colegio universidad escolar inmueble imovel obra
        motor model modelo make marca brand class fuel type
    """),
    near=("VIN",),
)
