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
        nida_number bvn nimc ausweis ausweisnummer ausweis_nr ausweis_nummer personalausweis personalausweisnummer
        perso_nr personalausweis_nr carte_identite carte_d_identite carte_nationale_identite cni num_cni numero_cni
        no_cni num_cin numero_cin numero_identite numero_identite_nationale titre_sejour titre_de_sejour dni
        numero_dni nro_dni num_dni dni_numero documento_identidad documento_de_identidad doc_identidad cedula
        numero_identidad cedula_ciudadania cedula_de_ciudadania cedula_identidad cedula_de_identidad num_cedula
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
    """),
    not_names=FLAGS
    + words("""
        issue issued issuer issuing date place expiration expire authority country photo image picture file path url
        front back scan reader
        fec candidate committee
    """),
    near=("PERSON", "DATE_OF_BIRTH", "GENDER"),
    general=True,
)
