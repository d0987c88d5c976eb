"""Numbers by which hospitals know their patients, in columns named so, or after ``MRN`` in any text.

No two hospitals number alike (HIPAA's Safe Harbor lists them all the same, 45 CFR 164.514(b)(2)(i)(H)).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_AFTER = re.compile(r"[:=#] ?([0-9A-Z][0-9A-Z\-]{3,19})\Z")


def _numbers(run: str) -> Iterator[Span]:
    match = _AFTER.search(run)
    if match is not None and sum(map(str.isdigit, match[1])) >= 4:
        yield *match.span(1), match[1].replace("-", "")


def _number(cell: str) -> str:
    number = re.sub("[^0-9A-Za-z]", "", cell.removesuffix(".0")).upper()
    return number if any(map(str.isdigit, number)) else ""


DETECTOR = Detector(
    entity=Entity(
        name="MEDICAL_RECORD_NUMBER",
        title="medical record number",
        role=Role.DIRECT,
        level=Level.RESTRICTED,
        tags=("HIPAA", "GDPR"),
    ),
    pattern=r"\b(?:MRN|Mrn|mrn|(?i:medical record (?:number|no\.?)|patient (?:number|no\.?|id))) ?[:=#] ?"
    r"[0-9A-Z][0-9A-Z\-]{3,19}",
    find=_numbers,
    cell_pattern=r"^[0-9A-Za-z][0-9A-Za-z ._/\-]{0,39}$",
    cell=_number,
    names=words("""
        mrn mrn_number medical_record medical_record_number medical_record_no medical_record_num med_rec_no
        med_record_no medrecno medicalrecordnumber medical_rec_num hospital_number hospital_no patient_number
        patient_no patient_num patientnumber patient_id patientid patient_identifier patient_mrn pat_id patid pat_no
        pt_id ptid patient_key mpi_id empi subject_id_patient chart_number chart_no health_record_number
        unit_record_number patientennummer patienten_id patientennr fallnummer krankenaktennummer numero_patient
        numero_dossier_medical ipp identifiant_patient historia_clinica numero_historia_clinica nro_historia_clinica
        numero_paciente id_paciente prontuario numero_prontuario numero_cartella_clinica cartella_clinica id_paziente
        codice_paziente patientnummer patient_nummer numer_pacjenta id_pacjenta hasta_no hasta_numarasi номер_пациента
        номер_карты_пациента 病历号 病案号 患者编号 患者番号 患者id カルテ番号 환자번호 رقم_المريض رقم_الملف_الطبي
        रोगी_आईडी
        hosp_num hosp_no chart_num uhid cr_no_patient opd_no ipd_no patient_code patient_folder mr_no
        mr_number chi_number medical_rec_no pat_num pat_nr case_record_no health_record_no patient_nr patientnr patnr
        patienten_nr patientenkennung patientenkennzeichen fallnr fall_nr aufnahmenummer aufnahmenr krankenakte
        patient_numero numero_de_patient n_patient num_patient code_patient dossier_patient dossier_medical
        numero_dossier_patient nhc num_historia nro_historia n_hc no_hc nro_hc historia_clinica_numero
        expediente_clinico expediente_medico numero_de_paciente num_paciente nro_paciente codigo_paciente
        cod_paciente n_paciente no_paciente n_cartella num_cartella numero_nosologico nosologico cod_paziente
        num_paziente numero_paziente processo_clinico numero_processo_clinico registro_paciente registro_do_paciente
        codigo_do_paciente id_do_paciente patient_id_nummer ziekenhuisnummer zisnummer zis_nummer
        dossiernummer_patient pasientnommer hospitaalnommer journalnummer journalnr journal_nr pasientnummer
        pasientnr pasient_nr pasient_id npr_id potilasnumero potilastunnus potilas_id potilas_nro potilasnro
        sairauskertomusnumero sjuklinganumer sjuklingur_id sjukraskrarnumer nr_pacjenta kod_pacjenta
        nr_historii_choroby numer_historii_choroby nr_karty_pacjenta karta_pacjenta
        numer_ksiegi_glownej nr_ksiegi_glownej cislo_pacienta id_pacienta kod_pacienta c_pacienta chorobopis
        chorobopisu cislo_zdravotnicke_dokumentace zdravotnej_karty stevilka_pacienta sifra_pacienta
        sifra_pacijenta broj_pacijenta id_pacijenta broj_kartona zdravstvenog_kartona
        zdravstveni_karton istorije_bolesti povijesti_bolesti број_картона историје_болести id_пацијента
        betegazonosito beteg_azonosito beteg_id betegszam torzsszam_beteg korlap_szama korlapszam
        paciens_azonosito paciens_id numar_pacient nr_pacient id_pacient cod_pacient fisa_pacient nr_fisa
        foaie_observatie foaie_de_observatie номер_на_пациент id_на_пациент история_на_заболяването амбулаторен_номер
        αριθμος_ασθενους αρ_ασθενους κωδικος_ασθενους μητρωου_ασθενους φακελου_ασθενους hasta_id hasta_kodu
        hasta_dosya_no hasta_protokol_no dosya_no_hasta медкарта медкарты номер_медкарты истории_болезни
        история_болезни_номер id_пациента код_пациента амбулаторной_карты медицинская_карта медицинской_карты
        карты_пациента номер_медкартки медкартки історії_хвороби id_пацієнта код_пацієнта номер_пацієнта
        картки_пацієнта медична_карта медичної_картки patsiendi_number patsiendi_nr patsiendi_id patsient_id
        haigusloo_number haigusloo_nr pacienta_numurs pacienta_nr pacienta_kods slimibas_vestures_nr
        mediciniskas_kartes_numurs paciento_numeris paciento_nr paciento_id paciento_kodas ligos_istorijos_nr
        ligos_istorijos_numeris rekam_medis nomor_rekam_medis no_rekam_medis no_rm nomor_rm id_pasien no_pasien
        nomor_pasien nombor_pesakit no_pesakit id_pesakit no_daftar_pesakit ma_benh_nhan ma_bn so_benh_an ma_benh_an
        so_ho_so_benh_an numero_ng_pasyente pasyente_id id_ng_pasyente 住院号 门诊号 就诊号 就诊卡号 病歷號 病歷號碼
        病人id 病人编号 病人号 病历编号 患者號 門診號 住院號 患者号 診察券番号 患者コード 患者no カルテno 診察番号
        診療録番号 患者ナンバー 차트번호 차트_번호 환자id 병록번호 환자등록번호 병원등록번호 환자_번호 เลขที่ผู้ป่วย
        รหัสผู้ป่วย เลขประจำตัวผู้ป่วย หมายเลขผู้ป่วย เวชระเบียน เลขเวชระเบียน เลข_hn hn_number hn_no रोगी_संख्या
        मरीज_संख्या मरीज़_संख्या मरीज_आईडी मरीज़_आईडी الملف_الطبي كود_المريض معرف_المريض رقم_ملف_المريض מספר_מטופל
        תיק_רפואי מזהה_מטופל מספר_חולה شماره_پرونده_پزشکی شماره_پرونده_بیمار کد_بیمار شماره_بیمار شناسه_بیمار
        historia_clinica_num num_pacient codi_pacient
        hasta_numarası
    """),
    not_names=(*FLAGS, *words("device os brand phone age name city")),
    near=("HEALTH_CONDITION", "PERSON", "DATE_OF_BIRTH", "MEDICATION", "ICD_CODE"),
)
