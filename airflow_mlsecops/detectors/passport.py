"""Passport numbers: in columns and after words that say so, and in the machine-readable zone.

The second line of that zone has check digits for the number, both dates and the whole (ICAO Doc 9303,
parts 3 and 4), which makes it proof wherever it stands. A number alone has no check digit, and no form of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._documents import CELL, announced, code
from airflow_mlsecops.detectors._hints import FLAGS, words

# Number, nationality, date of birth, sex, date of expiry, personal number, check digits: 44 characters.
_LINE = r"[A-Z0-9<]{9}[0-9][A-Z<]{3}[0-9]{7}[MFX<][0-9]{7}[A-Z0-9<]{14}[0-9<][0-9]"
_ZONE = re.compile(rf"(?<![A-Z0-9<])(?=.{{44}}(?![A-Z0-9<])){_LINE}")
_ANNOUNCED, _after_words = announced(
    "passport|reisepass(?:nummer)?|passnummer|passeport|pasaporte|passaporto|passaporte|paspoort(?:nummer)?|paszport"
    "|pasaport",
    code(6, 12, 5),
)


def _numbers(run: str) -> Iterator[Span]:
    yield from _after_words(run)
    for match in _ZONE.finditer(run):
        line = match[0]
        parts = (line[:10], line[13:20], line[21:28], line[:10] + line[13:20] + line[21:44])
        if all(_digit(part[:-1]) == int(part[-1]) for part in parts):
            yield match.start(), match.start() + 9, line[:9].rstrip("<").casefold()


def _digit(field: str) -> int:
    # Letters count 10 to 35, the filler nothing.
    values = (0 if character == "<" else int(character, 36) for character in field)
    return sum(value * (7, 3, 1)[place % 3] for place, value in enumerate(values)) % 10


DETECTOR = Detector(
    entity=Entity(
        name="PASSPORT",
        title="passport number",
        role=Role.DIRECT,
        level=Level.RESTRICTED,
        tags=("GDPR", "CCPA"),
    ),
    pattern=rf"{_ANNOUNCED}|[A-Z0-9<]*{_LINE}[A-Z0-9<]*",
    find=_numbers,
    checked=True,
    cell_pattern=CELL,
    cell=code(6, 14, 1),
    names=words("""
    pasipoti անձնագիր
        passport passport_no passport_number passportno passportnumber passport_num passport_id passport_nr
        passportnum passport_document travel_document travel_document_no travel_document_number us_passport
        uk_passport ppt_no reisepass reisepassnummer reisepass_nr passnummer pass_nummer passeport num_passeport
        numero_passeport no_passeport pasaporte numero_pasaporte num_pasaporte nro_pasaporte pasaporte_numero
        passaporto numero_passaporto passaporte numero_passaporte paspoort paspoortnummer paspoort_nr paszport
        numer_paszportu nr_paszportu pasaport pasaport_no passnr passi passinumero ho_chieu so_ho_chieu paspor
        no_paspor nomor_paspor паспорт номер_паспорта серия_паспорта паспорт_номер паспортные_данные загранпаспорт
        护照 护照号 护照号码 護照 護照號碼 パスポート パスポート番号 旅券番号 여권 여권번호 جواز جواز_السفر
        رقم_جواز_السفر رقم_الجواز पासपोर्ट पासपोर्ट_नंबर
        nomor_paspor_wni pasport no_pasport nr_pasport pasaportno pasaport_numarasi pas_no pasno passno pass_no
        pp_no ppno pport pport_no pspt psprt passprt passport_nbr passportnr utlevel utlevelszam cestovni_pas
        cislo_pasu cestovny_pas pasaport_seri putovnica broj_putovnice broj_pasosa potni_list pase passi_nro
        passinro διαβατηριο αριθμος_διαβατηριου דרכון מספר_דרכון หนังสือเดินทาง เลขที่หนังสือเดินทาง เลขพาสปอร์ต
        여권_번호 पासपोर्ट_संख्या رقم_الجواز_السفر جواز_سفر گذرنامه شماره_گذرنامه серия_номер_паспорта паспорт_серия
        номер_загранпаспорта загран_паспорт сер_ном_паспорта посвідчення_паспорт паспорт_рф reisep reisepassnr
        passnr_nummer num_pass no_pasaporte nro_pasap pasap num_passaporto nr_paszport paszport_nr nr_paspoort
        paspoortnr nr_passaporte n_passaporte
        ppt_num ppt_number
        pp_number travel_doc_no travel_doc_number pasnummer pas_nummer pas_nr pasnr passin_numero passi_numero
        vegabref vegabrefsnumer c_pasu cestovni_doklad cislo_cestovniho_pasu cislo_cestovneho_pasu c_cestovniho_pasu
        c_cestovniho_dokladu cislo_cestovniho_dokladu potnega_lista pasos br_pasosa putovnice пасош пасоша
        международен_паспорт αρ_διαβατηριου diavatirio diavatiriou no_паспорта n_паспорта серія_паспорта
        номер_закордонного_паспорта nomer_pasporta seriya_pasporta pases_numurs pases_nr paso_numeris paso_nr
        pases_serija so_pp huzhao 旅券 旅券no พาสปอร์ต หมายเลขหนังสือเดินทาง เลขหนังสือเดินทาง หมายเลขพาสปอร์ต الجواز
        شماره_پاسپورت پاسپورت passaport numero_passaport num_passaport pasnommer passi_number passi_nr pasanumeris
        cestovny_doklad
    """),
    not_names=FLAGS
    + words("""
        issue issued issuer issuing date place expiration expire authority country nationality photo image picture
        file path url scan control office index power visa sso oauth provider
        wifi boarding_pass bus_pass ski_pass season_pass free_pass
    """),
    near=("PERSON", "DATE_OF_BIRTH", "NATIONALITY"),
)
