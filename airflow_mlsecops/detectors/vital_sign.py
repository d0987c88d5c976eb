"""Vital signs and laboratory results of persons: blood pressure, heart rate, glucose and the like, by name and number.

``cholesterol`` and ``sodium`` are printed on cereal boxes, ``pulse`` and ``temperature`` measured of machines: those
count only where persons stand in the table. Columns that were standardised hold no measurements any more.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._vocabulary import folded, vocabulary

_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_UNITS = vocabulary("""
    mmhg|mm hg|bpm|mg dl|mmol l|g dl|c|f|percent|min|breaths min|beats min|kg m2|u l|iu l|ng ml|high|low|normal
    above normal|well above normal|elevated|abnormal|positive|negative|borderline|hypertensive|prehypertension|none
""")


def _reading(cell: str) -> str:
    numbers = [float(number.replace(",", ".")) for number in _NUMBER.findall(cell)]
    rest = folded(_NUMBER.sub(" ", cell))
    if rest and rest not in _UNITS:
        return ""
    return cell.casefold().replace(" ", "") if all(0 <= number <= 1_000_000 for number in numbers) else ""


def _is_plausible(cell: str) -> bool:
    numbers = [float(number.replace(",", ".")) for number in _NUMBER.findall(cell)]
    return bool(numbers) and 1 <= numbers[0] <= 2000


DETECTOR = Detector(
    entity=Entity(
        name="VITAL_SIGN",
        title="vital sign or laboratory result",
        role=Role.HEALTH,
        level=Level.RESTRICTED,
        tags=("GDPR", "GDPR-9", "HIPAA"),
    ),
    cell_pattern=r"^[0-9<>≤≥][0-9 .,/<>≤≥%°a-zA-Z]{0,30}$|^[A-Za-z ]{3,24}$",
    cell=_reading,
    known=_is_plausible,
    common=0.33,
    names=words("""
        sistole diastole sistolik diastolik sistolica diastolica sistolico diastolico sistolis diastolis tensi
        tekanan_darah blood_pressure bloodpressure blood_press systolic diastolic systolic_bp diastolic_bp sys_bp
        dia_bp sysbp diabp
        systolic_blood_pressure diastolic_blood_pressure resting_bp restingbp trestbps ap_hi ap_lo
        mean_arterial_pressure heart_rate heartrate heart_rate_bpm resting_heart_rate max_heart_rate maxhr pulse_rate
        thalach thalachh respiratory_rate resp_rate spo2 oxygen_saturation o2_sat body_temperature body_temp
        temperature_celsius_patient blood_glucose blood_glucose_level avg_glucose_level glucose_level fasting_glucose
        blood_sugar fasting_blood_sugar fasting_bs fastingbs fbs hba1c hba hba1c_level hb_a_1_c hba_1_c a_1_c hba_c
        hba_c_level a1c a1cresult max_glu_serum serum_cholesterol total_cholesterol hdl ldl hdl_cholesterol
        ldl_cholesterol triglycerides serum_creatinine creatinine creatinine_phosphokinase creatine_kinase hemoglobin
        haemoglobin hematocrit serum_sodium serum_potassium platelet platelet_count wbc wbc_count rbc rbc_count
        white_blood_cell_count red_blood_cell_count ejection_fraction egfr ast_level alt_level sgpt sgot
        alamine_aminotransferase aspartate_aminotransferase bilirubin total_bilirubin alkaline_phosphotase
        alkaline_phosphatase albumin blood_urea serum_insulin skin_thickness skinthickness resting_ecg restecg
        restingecg oldpeak troponin bun crp tsh psa_level lab_result lab_results lab_value test_result test_results
        vital_signs viral_load cd4_count viral_load_count blutdruck herzfrequenz blutzucker puls_ruhe
        koerpertemperatur sauerstoffsattigung tension_arterielle pression_arterielle frequence_cardiaque glycemie
        presion_arterial frecuencia_cardiaca glucosa_sangre glucemia pressao_arterial frequencia_cardiaca glicemia
        pressione_arteriosa frequenza_cardiaca glicemia_basale bloeddruk hartslag bloedsuiker cisnienie_krwi tetno
        tansiyon nabiz blodtryck артериальное_давление пульс 血压 心率 血糖 血圧 心拍数 血糖値 ضغط_الدم
        mg_dl mmol_l mmhg colesterol colesterol_total cholesterin cholesterinwert cholesterol_total kolesterol
        kolesterol_total cholesterolemie colesterolemia glucosa glucose_jejum glicemia_jejum glucemia_basal
        glicemia_em_jejum saturacion saturacion_oxigeno saturazione saturacao frequenza_cardiaca_bpm fc_bpm
        ta_sistolica ta_diastolica pa_sistolica pa_diastolica pas_mmhg pad_mmhg presion_sistolica presion_diastolica
        pressao_sistolica pressao_diastolica pressione_sistolica pressione_diastolica tension_systolique
        tension_diastolique temperatura_corporal temperatura_corporea cisnienie_skurczowe cisnienie_rozkurczowe
        cisnienie tekanan_darah detak_jantung denyut_nadi gula_darah suhu_tubuh huyet_ap nhip_tim duong_huyet
        vernyomas pulzus vercukor krevni_tlak tep_srdce krvni_tlak tensiune_arteriala puls_bpm αρτηριακη_πιεση
        σφυγμος לחץ_דם דופק ความดันโลหิต ชีพจร น้ำตาลในเลือด 혈압 수축기 이완기 심박수 맥박 혈당 체온 रक्तचाप
        नाड़ी معدل_ضربات_القلب
        سكر_الدم فشار_خون давление_систолическое давление_диастолическое чсс глюкоза_крови холестерин
        тиск_артеріальний 收缩压 舒张压 脉搏 体温 血氧 胆固醇 最高血圧 最低血圧 脈拍
        hr_bpm cholest serum_chol
        tension_arterial koerpertemp korpertemperatur bloedglukose polsslag blodsocker blodtrykk blodsukker
        hjertefrekvens blodtryk verenpaine verensokeri kolesteroli bloðþrystingur bloðsykur krvny_tlak cukor_v_krvi
        secer_u_krvi krvni_pritisak srcni_utrip крвни_притисак koleszterin glicemie кръвно_налягане кръвна_захар
        χοληστερινη σφυγμοι kan_sekeri сахар_крови температура_тела артеріальнии_тиск цукор_крові vererohk veresuhkur
        asinsspiediens cukura_limenis kraujospudis cukraus_kiekis presyon_ng_dugo 血壓
        收縮壓 舒張壓 膽固醇 心跳 コレステロール 콜레스테롤 혈당수치
        रक्त_शर्करा معدل_السكر סוכר_בדם ضربان_قلب قند_خون pressio_arterial glicose_sangue tep_frekvence
        cpk alkphos alk_phos hgb hct mcv mch mchc rdw neutrophils lymphocytes monocytes eosinophils basophils
        neutrophil_count lymphocyte_count uric_acid hco3 pco2 po2 pao2 paco2 nt_probnp bnp d_dimer ddimer
        ferritin fibrinogen aptt hb_level cortisol c_peptide sbp dbp map_mmhg tidal_volume fio2 peep fev1 fvc
        fev1_fvc visual_acuity intraocular_pressure gcs glasgow_coma_scale apgar_score saps_ii sapsii
        sofa_score apache_ii_score total_protiens total_proteins albumin_and_globulin_ratio globulin
        serum_albumin serum_iron serum_calcium serum_uric_acid vitamin_b12 folate_level trestbps_mmhg
        esr_mm_hr t4u tt4 fti tsh_level thyroxine
    """),
    hints=words("""
        bp pulse glucose cholesterol chol insulin temperature temp hr rr oxygen urea sodium potassium calcium iron
        vitamin_d psa lpsa albumin_level ecg ekg lab result value ph sugar
        puls pulso pouls pols tension pressione glicose glukoza glukoze глюкоза пулс pulss pulsas tep cukier tlak πιεση
        тиск ад syke battiti nadi tensi النبض mach temperatura temperature_c fc pa
        magnesium phosphate lactate chloride bicarbonate esr alt ast globulin folate b12 inr thal slope t3 t4
    """),
    not_names=words("dice card cards game star planet")
    + words("""
        date time code id unit units ambient cpu gpu sensor machine room water outdoor weather nutrition serving daily
        type count_total flag order status wine soil milk software unit_test qa build api exam
        log deploy cpu_temp hrs hours black_body
    """),
    near=("AGE", "GENDER", "DATE_OF_BIRTH", "HEALTH_CONDITION", "MEDICAL_RECORD_NUMBER", "HEALTH_STATUS"),
)
