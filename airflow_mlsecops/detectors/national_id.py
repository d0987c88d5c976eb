"""Numbers of identity cards, residents, citizens and voters, of any state, in columns and after words that say so.

Their structure is not looked at: states whose numbers have a check digit have files of their own. A date, an amount
and a UUID are none, whatever their column is called.
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._documents import CELL, announced, code
from airflow_mlsecops.detectors._hints import FLAGS, words

_PATTERN, _FIND = announced(
    "national (?:id(?:entity|entification)?|insurance|identifier)|identity card|id[ -]?card"
    "|citizen(?:ship)? (?:id|card)|resident (?:id|permit)|government id|voter id"
    "|personalausweis(?:nummer)?|ausweisnummer|carte d'identit[eé]|cni"
    "|documento de identidad|c[eé]dula(?: de (?:ciudadan[ií]a|identidad))?|carta d'identit[aà]|dow[oó]d osobisty"
    "|bilhete de identidade|cart[aã]o de cidad[aã]o|identiteitskaart|emirates id|iqama",
    code(6, 20, 6),
)

DETECTOR = Detector(
    entity=Entity(
        name="NATIONAL_ID",
        title="national identity number",
        role=Role.DIRECT,
        level=Level.RESTRICTED,
        tags=("GDPR", "CCPA"),
    ),
    pattern=_PATTERN,
    find=_FIND,
    checked=True,
    cell_pattern=CELL,
    cell=code(5, 22, 4),
    # Nothing tells such a number by itself; a hint counts where at least two of the others stand by.
    common=0.75,
    names=words("""
        national_id nationalid nationalidnumber national_id_number national_id_no national_identity
        national_identity_no national_identity_number national_identity_card national_identifier
        national_identification national_no national_identification_number national_number national_code nat_id
        natl_id nid_no nid_number nin nin_no nin_number government_id govt_id gov_id govid govt_id_no govt_id_number
        state_id_number identity_card identity_card_no identity_card_number identity_number
        identity_no identitynumber identity_document identity_document_number identity_doc_no id_card idcard
        id_card_no id_card_number idcardno id_document id_document_number id_doc_number citizen_id citizenid
        citizen_no citizen_number citizenship_no citizenship_number citizenship_id citizen_card civil_id civil_no
        civil_number civil_registration_number civil_registry_number resident_id resident_no resident_number
        resident_identity residence_permit residence_card residence_permit_no residence_permit_number
        residence_permit_id permit_of_residence resident_card alien_registration_number alien_number green_card
        green_card_no green_card_number uscis_number population_register personal_identification_number
        personal_identity_number personal_identity_code personal_code_number social_insurance_no
        social_insurance_number social_security_id social_insurance_id voter_id voterid voter_no voter_number
        voter_card voter_id_no voter_registration_number elector_id epic_no emirates_id emiratesid eid_number qatar_id
        iqama iqama_no iqama_number saudi_id ghana_card huduma omang philsys philsys_id umid sss_no sss_number
        nida_number bvn nimc ssn ssn_no ssn_number nisn nidn nuptk
        ausweis ausweisnummer ausweis_nr ausweis_nummer personalausweis personalausweisnummer
        perso_nr personalausweis_nr carte_identite carte_d_identite carte_nationale_identite cni num_cni numero_cni
        no_cni num_cin numero_cin numero_identite numero_identite_nationale titre_sejour titre_de_sejour dni
        numero_dni nro_dni num_dni dni_numero documento_identidad documento_de_identidad doc_identidad cedula
        numero_identidad cedula_ciudadania cedula_de_ciudadania cedula_identidad cedula_de_identidad num_cedula
        identificacion numero_identificacion numero_de_identificacion nro_identificacion num_identificacion
        numero_cedula nro_cedula cedula_no no_cedula documento_nacional identificacion_personal numero_identificacion
        numero_identificacion_personal numero_de_identificacion tarjeta_identidad clave_elector nss imss
        numero_seguro_social numero_de_seguro_social numero_seguridad_social carta_identita carta_d_identita
        numero_carta_identita documento_identita rg rg_numero numero_rg rg_cliente registro_geral cartao_cidadao
        cartao_de_cidadao bilhete_identidade bilhete_de_identidade documento_identidade titulo_eleitor
        titulo_de_eleitor pis_pasep nis_pis niss identiteitskaart identiteitskaartnummer identiteitskaart_nr
        identiteitsbewijs id_kaart id_bewijs dowod_osobisty dowodosobisty dowód_osobisty numer_dowodu nr_dowodu
        seria_i_numer_dowodu numer_dowodu_osobistego id_kort legitimation legitimationsnummer henkilokortti
        kimlik_karti nufus_cuzdani nufus_no cccd cmnd so_cccd so_cmnd can_cuoc can_cuoc_cong_dan cong_dan code_melli
        kod_melli codemelli melli_code کد_ملی شماره_ملی رقم_الهوية رقم_هوية الرقم_القومي رقم_قومي الهوية_الوطنية
        رقم_الاقامة رقم_الإقامة الرقم_الوطني بطاقة_الهوية удостоверение_личности номер_удостоверения
        серия_и_номер_документа 身份证 身份证号 身份证号码 证件号 证件号码 居民身份证 身份證 身份證號 身分證
        身分證字號 居住证 居留证 在留カード 在留カード番号 身分証明書番号 외국인등록번호 주민등록번호 पहचान_पत्र
        मतदाता_पहचान บัตรประชาชน
        natl_ins_no sss sss_id pag_ibig pagibig hdmf gsis philsys_no philsys_number phil_id philid
        bank_verification_number kenya_id ssnit nssf nrc nrc_no nrc_number nida_id nic_no nic_number smart_card_nid
        personal_id personal_id_no personal_identification identification_card epf_no epf_number socso socso_no
        uan_no esic_no esi_no pran_no qid_no qatar_qid ration_card ration_card_no birth_certificate_no
        birth_registration_no person_id_number personal_no personenkennzahl aufenthaltstitel aufenthaltstitel_nr
        pa_nr ausweis_id carte_identite_nationale piece_identite piece_d_identite numero_piece_identite
        n_piece_identite identification_nationale numero_identification_nationale n_cin nina cin_no no_identificacion
        nro_identificacion num_identificacion identificacion_oficial seguro_social num_seguro_social num_seg_social
        seguridad_social no_seguridad_social afiliacion_ss credencial_elector credencial_de_elector credencial_ine
        clave_ine carnet_identidad carnet_de_identidad carne_identidad carne_de_identidad carnet_extranjeria
        carnet_de_extranjeria cedula_extranjeria cedula_de_extranjeria tarjeta_de_identidad nro_dui no_dui num_dui
        numero_dui nro_dpi no_dpi num_dpi numero_dpi dpi dui nro_ci no_ci num_ci numero_ci carta_identita_numero
        n_carta_identita n_ci documento_d_identita permesso_soggiorno permesso_di_soggiorno identidade num_identidade
        numero_identidade carteira_identidade carteira_de_identidade nr_bi numero_bi num_bi seguranca_social
        no_seguranca_social num_seguranca_social pis nis_numero numero_nis ctps numero_pis rne
        documento_identificacao documento_de_identificacao identiteitsnummer identiteitsnr vreemdelingennummer
        nik no_nik nid_no nid_number জাতীয়_পরিচয়পত্র এনআইডি नागरिकता_नं नागरिकता_नम्बर नागरिकता_प्रमाणपत्र_नं
        रहिवासी_क्रमांक kitambulisho nambari_ya_kitambulisho namba_ya_nida የመታወቂያ_ቁጥር პირადი_ნომერი jshshir pinfl
        регистрийн_дугаар nr_personal numri_personal รหัสบัตรประชาชน no_ic nombor_ic no_kad_pengenalan رقم_البطاقة
        v_nummer identiteitsbewijsnummer id_kaartnummer nationaal_id id_kortsnummer id_korts_nummer id_kortnummer
        id_handling personident henkilokortin_numero nr_dow_os dow_osob dow_os dowod_os nr_dow numer_identyfikacyjny
        seria_dowodu seria_nr_dowodu cislo_op c_op obcansky_prukaz cislo_obcanskeho_prukazu cislo_obcanskeho
        doklad_totoznosti cislo_dokladu_totoznosti obciansky_preukaz cislo_obcianskeho_preukazu cislo_obcianskeho
        osebna_izkaznica osebne_izkaznice osobna_iskaznica osobne_iskaznice licna_karta licne_karte br_lk broj_lk
        лична_карта личне_карте номер_на_лична_карта лнч јединствени_број br_osobne broj_osobne szemelyi_igazolvany
        szemelyi_igazolvanyszam szemelyi_szam szemelyi_azonosito szemelyazonosito szem_ig_szam szig_szam szig szemig
        igazolvanyszam szemelyazonosito_igazolvany serie_ci serie_buletin buletin serie_si_numar_ci seria_ci
        nr_buletin carte_de_identitate seria_nr_ci αριθμος_ταυτοτητας αρ_ταυτοτητας δελτιο_ταυτοτητας ταυτοτητα αδτ
        α_δ_τ αδτ_αριθμος αμα_ικα αμ_ικα arithmos_tautotitas ar_tautotitas deltio_tautotitas nufus_cuzdan nufus_seri
        sgk_no sgk_sicil_no ssk_no vatandaslik_numarasi kimlik_seri_no иин личный_номер идентификационный_номер
          документ_удостоверяющий_личность номер_страхового_свидетельства военный_билет
        свидетельство_о_рождении жсн посвідчення номер_посвідчення унзр унікальний_номер_запису id_картка
        номер_id_картки id_kaart_nr id_kaardi_number id_kaardi_nr dokumendi_number personas_apliecibas_nr
        personas_aplieciba asmens_tapatybes_kortele tapatybes_korteles_nr atk_nr asmens_dokumento_nr no_identitas
        nomor_identitas nomor_kk no_kk no_kartu_keluarga nomor_kartu_keluarga kartu_keluarga bpjs_ketenagakerjaan
        so_dinh_danh so_giay_to giay_to_tuy_than chung_minh_nhan_dan chung_minh_thu so_cmt cmt cmtnd so_cmtnd so_bhxh
        ma_so_bhxh bhxh so_can_cuoc 社保号 社保卡号 社会保障号 社会保障号码 社会保险号 社保 港澳通行证 通行证号
        台胞证 户口簿 證件號 證件號碼 证件编号 居留證號 年金番号 基礎年金番号 住民票コード 身分証番号
        本人確認書類番号 雇用保険番号 雇用保険被保険者番号 在留番号 신분증번호 신분증_번호 거소신고번호 여권_신분증
        신분증 เลขที่บัตรประชาชน หมายเลขบัตรประชาชน รหัสประจำตัวประชาชน เลขบัตรประจำตัวประชาชน เลขประกันสังคม
        เลข_13_หลัก राशन_कार्ड पहचान_संख्या राष्ट्रीय_पहचान_संख्या पहचान_पत्र_संख्या मतदाता_पहचान_पत्र
        رقم_البطاقة_الشخصية رقم_بطاقة_الهوية بطاقة_التعريف رقم_بطاقة_التعريف بطاقة_التعريف_الوطنية
        رقم_بطاقة_التعريف_الوطنية الهوية رقم_الضمان_الاجتماعي رقم_السجل_المدني السجل_المدني الرقم_المدني
        رقم_التأمين_الاجتماعي رقم_المواطن رقم_الإقامه رقم_القيد شماره_شناسنامه شناسنامه کدملی شماره_کارت_ملی کارت_ملی
        کد_ملّی شناسه_ملی document_identitat document_d_identitat dni_num seguretat_social numero_seguretat_social
        so_định_danh số_định_danh nüfus_cüzdanı_no uid_no
    """),
    hints=words("""
        id_number id_no id_num idno identification_number identification_no identification document_number document_no
        doc_number doc_no documento numero_documento nro_documento num_documento no_documento n_documento
        num_doc nro_doc documentnummer numero_dokumenta cislo_dokladu id_nummer id_nr nomor_induk ci cin
        номер_документа серия_документа
    """),
    not_names=FLAGS
    + words("""
        issue issued issuer issuing date place expiration expire authority country photo image picture file path url
        front back scan reader
        fec candidate committee last last4 last_four
    """),
    near=("PERSON", "DATE_OF_BIRTH", "GENDER"),
    general=True,
)
