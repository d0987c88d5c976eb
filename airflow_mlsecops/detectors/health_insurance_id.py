"""Numbers by which health insurers know persons: member, subscriber, beneficiary and policy numbers, by name.

A ``member_id`` may be a club's or a gym's: it counts only with health in the same table.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words


def _number(cell: str) -> str:
    number = re.sub("[^0-9A-Za-z]", "", cell.removesuffix(".0")).upper()
    return number if sum(map(str.isdigit, number)) >= 3 else ""


DETECTOR = Detector(
    entity=Entity(
        name="HEALTH_INSURANCE_ID",
        title="health insurance number",
        role=Role.DIRECT,
        level=Level.RESTRICTED,
        tags=("HIPAA", "GDPR"),
    ),
    cell_pattern=r"^[0-9A-Za-z][0-9A-Za-z ./\-]{3,39}$",
    cell=_number,
    common=0.33,
    names=words("""
        health_insurance health_insurance_id health_insurance_number health_insurance_no health_plan_id
        health_plan_number health_plan_beneficiary_number health_card health_card_number health_care_number
        healthcare_number healthcare_id insurance_id insurance_number insurance_no insurance_member_id
        insurance_policy_number insurance_subscriber_id medicare_id medicare_number medicare_no medicare_card
        medicare_beneficiary_id mbi hicn hic_number medicaid_id medicaid_number beneficiary_id bene_id desynpuf_id
        payer_member_id carecard ohip ohip_number ramq ihi_number krankenversicherungsnummer krankenkassennummer
        versichertennummer versicherten_nr versichertennr kvnr krankenversichertennummer kv_nummer egk_nummer
        numero_assurance_maladie carte_vitale numero_assure numero_seguro_medico numero_afiliado tarjeta_sanitaria
        numero_tarjeta_sanitaria cartao_sus cns_sus numero_sus carteirinha numero_carteirinha tessera_sanitaria
        numero_tessera_sanitaria zorgpas zorgverzekeringsnummer polisnummer_zorg numer_ubezpieczenia sigorta_no
        полис_омс омс полис 医保号 医保卡号 保険証番号 被保険者番号 건강보험증번호 رقم_التأمين_الصحي
        phil_health philhealth phic_no nhis nhis_no nhif medical_aid_no medical_aid_number medical_aid_member_no
        medical_aid_membership_no medical_aid_membership insurance_card_no insurance_card_number insurance_member_no
        hmo_no hmo_id hmo_card pmjay_id abha abha_id abha_number health_id health_id_number sha_no policy_holder_id
        krankenkassen_nr krankenkassennr kassen_nr versicherten_id gesundheitskarte gesundheitskartennummer e_card_nr
        versichertenkarte egk_nr krankenversichertennr kk_nr krankenvers_nr n_assure numero_d_assure n_mutuelle
        numero_mutuelle numero_de_mutuelle num_mutuelle n_adherent numero_adherent assurance_maladie
        n_assurance_maladie numero_amo seguro_medico num_afiliado nro_afiliado num_asegurado nro_asegurado
        numero_asegurado numero_de_asegurado numero_de_afiliado afiliacion_eps obra_social_nro nro_obra_social
        codigo_sns cip_sns cipa tarjeta_tsi n_tessera_sanitaria tessera_sanitaria_n codice_assistito cartao_do_sus
        carteira_convenio carteira_do_convenio numero_do_convenio matricula_convenio numero_utente
        numero_de_utente no_utente n_utente utente_sns cartao_nacional_de_saude cartao_nacional_saude
        carteira_plano_saude numero_beneficiario zorgverzekering zorgverzekeringsnr verzekerdennummer
        verzekerdenr zorgpasnummer zorgpolisnummer zorgpolis mutualiteit_nr aansluitingsnummer_mutualiteit
        relatienummer_zorgverzekeraar mediese_fonds_nommer mediesefonds mediese_fonds lidnommer_mediese_fonds
        sjukforsakringsnummer sjukforsakring helsetrygdkort helseforsikringsnummer helfo_nr
        sundhedskort sundhedskortnummer sygesikringsnummer sygesikringsbevis sygesikring_nr sairausvakuutusnumero
        sairausvakuutustunnus kela_kortti kela_nro sjukratryggingar sjukratrygginganumer nr_ubezpieczenia_zdrowotnego
        numer_ubezpieczenia_zdrowotnego ekuz nr_ekuz numer_ubezpieczonego nr_ubezpieczonego cislo_pojistence
        c_pojistence karticka_pojistence prukaz_pojistence cislo_zdravotniho_pojisteni cislo_poistenca c_poistenca
        cislo_zdravotneho_poistenia preukaz_poistenca zzzs stevilka_zavarovanca zavarovalna_stevilka st_zavarovanca
        zdravstvenega_zavarovanja lbo mbo zdravstvene_knjizice zdravstvena_knjizica zdravstvena_iskaznica
        broj_osigurane_osobe zdravstvenog_osiguranja broj_osiguranika лбо здравствене_књижице biztositotti_szam
        egeszsegbiztositasi_szam card_de_sanatate card_sanatate numar_asigurat cod_asigurat nr_asigurat
        здравноосигурителен здравна_книжка здравноосигурителен_номер осигурителен_номер μητρωου_ασφαλισμενου
        αριθμος_ασφαλισης αρ_ασφαλισης αριθμος_ασφαλισμενου αμα εκαα saglik_sigorta_no saglik_sigortasi_numarasi
        saglik_sigortasi sigortali_no sigorta_numarasi sigorta_sicil_no police_no_saglik saglik_police_no полиса_омс
        енп дмс страхового_поліса
        медичний_поліс ravikindlustus ravikindlustuse_number haigekassa haigekassa_nr veselibas_apdrosinasana
        veselibas_apdrosinasanas_numurs veselibas_polise sveikatos_draudimo sveikatos_draudimo_numeris
        draudimo_numeris draudimo_nr sodros_nr sodros_numeris bpjs_kesehatan no_bpjs nomor_bpjs kartu_bpjs no_jkn
        no_kis nomor_polis_kesehatan insurans_kesihatan polis_kesehatan bhyt so_bhyt ma_bhyt the_bhyt bao_hiem_y_te
        so_bao_hiem_y_te ma_the_bhyt 医疗保险号 医疗保险卡号 医保编号 医保卡 健保卡 健保卡號 健保號 醫保卡號 參保號
        医疗证号 醫療保險號碼 個人医保号 保険証 健康保険証 健康保険番号 健康保険証番号 保険番号 保険者番号
        保険証記号番号 記号番号 건강보험번호 보험증번호 의료보험번호 건강보험증_번호 피보험자번호 건강보험증
        เลขประกันสุขภาพ บัตรทอง เลขที่บัตรทอง เลขสิทธิการรักษา เลขบัตรประกันสุขภาพ เลขประกัน बीमा_संख्या बीमा_नंबर
        स्वास्थ्य_बीमा आयुष्मान_कार्ड आभा_नंबर رقم_التأمين رقم_بطاقة_التأمين رقم_المؤمن_عليه رقم_بوليصة_التأمين
        التأمين_الصحي رقم_التامين_الصحي קופת_חולים מספר_מבוטח ביטוח_רפואי מס_מבוטח شماره_بیمه کد_بیمه دفترچه_بیمه
        شماره_بیمه_درمانی شماره_بیمه_سلامت targeta_sanitaria num_targeta_sanitaria
        sağlık_sigortası_numarası sigortalı_no
        номер_полиса_омс
    """),
    hints=words("""
        member_id member_number member_no subscriber_id policy_number policy_no policy_id insured_id
        plan_id
        номер_полиса серия_полиса страховой_полис страховий_поліс polisnummer forsakringsnummer numero_convenio
        номер_поліса polises_numurs polises_nr no_polis
    """),
    not_names=(*FLAGS, *words("car vehicle auto home travel provider_name company name premium amount age plan_name")),
    near=("HEALTH_CONDITION", "ICD_CODE", "MEDICATION", "MEDICAL_RECORD_NUMBER", "US_NPI", "MEDICAL_TREATMENT"),
)
