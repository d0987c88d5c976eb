"""Taxpayer numbers of any state, in columns and after words that say so.

Those of companies are told apart by the column's name only; states whose numbers have a check digit have files of
their own.
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._documents import CELL, announced, code
from airflow_mlsecops.detectors._hints import FLAGS, words

_PATTERN, _FIND = announced(
    "tax(?:payer)? (?:id(?:entification)?|identifier|reference)|taxpayer (?:no|number)|steuernummer|num[eé]ro fiscal"
    "|npwp|identificaci[oó]n tributaria|vergi (?:no|numaras[iı])",
    code(7, 16, 7),
)

DETECTOR = Detector(
    entity=Entity(
        name="TAX_ID",
        title="taxpayer number",
        role=Role.DIRECT,
        level=Level.RESTRICTED,
        tags=("GDPR", "CCPA"),
    ),
    pattern=_PATTERN,
    find=_FIND,
    checked=True,
    cell_pattern=CELL,
    cell=code(7, 18, 6),
    names=words("""
        tax_id taxid tax_id_no tax_id_number tax_number taxnumber tax_no tax_num tax_identifier tax_identification
        tax_identification_number tax_identification_no tax_reference_number tax_ref_no taxpayer_id taxpayer_no
        taxpayer_number taxpayer_identification_number taxpayer_identification tin tin_no tin_number tinno utr utr_no
        unique_taxpayer_reference fiscal_id fiscal_number fiscal_no payg_ref steuernummer steuer_nr steuer_nummer
        steuernr stnr numero_fiscal num_fiscal no_fiscal identifiant_fiscal numero_spi identificacion_fiscal
        numero_identificacion_fiscal codigo_fiscal nit nit_cliente numero_nit identificacion_tributaria
        numero_identificacion_tributaria rif numero_rif ruc_persona partita_iva_persona belastingnummer fiscaal_nummer
        fiscaalnummer numer_podatkowy nip_osoby vergi_no vergino vergi_numarasi vkn skattenummer verotunniste npwp
        no_npwp nomor_npwp kra_pin pan_tin налоговый_номер 税号 纳税人识别号 納税者番号 納稅人識別號 رقم_ضريبي
        الرقم_الضريبي 납세자번호
        tax_ref tax_reference tax_reference_no unique_taxpayer_ref income_tax_no bir_tin sars_no sars_number firs_tin
        jtb_tin n_fiscal reference_fiscal matricule_fiscal identification_fiscale numero_identification_fiscale
        numero_contribuable numero_de_contribuable ruc num_ruc nro_ruc numero_ruc rtn_numero numero_rtn rnc_cedula
        id_fiscal clave_fiscal cedula_fiscal nuit partita_iva p_iva piva cf_piva numero_partita_iva nr_fiscal
        contribuinte_fiscal fiscaal_nr fiscaalnr btw_nummer_persoon belastingnommer belastingnr
        inkomstebelastingnommer skatteregistreringsnummer skattenr skatt_id skatte_id veronumero veronro
        verotus_tunnus skattnumer skattanumer nip numer_nip nr_nip nip_klienta numer_identyfikacji_podatkowej
        nr_podatkowy dic danove_identifikacni_cislo danove_identifikacne_cislo danove_cislo cislo_dic davcna_stevilka
        davcna_st davcna porezni_broj poreski_broj porezni_id poreski_identifikacioni_broj порески_број пиб
        адоазоносито adoazonosito adoazonosito_jel adoszam ado_azonosito ado_azon cod_fiscal
        cod_de_identificare_fiscala данъчен_номер данъчен αφμ α_φ_μ afm αριθμος_φορολογικου_μητρωου vergi_kimlik
        vergi_kimlik_no vergi_kimlik_numarasi номер_налогоплательщика унп унн рнн податковий_номер
        номер_платника_податків maksukohustuslase_number maksunumber nodoklu_maksataja_numurs nmr_kods nodoklu_numurs
        mokesciu_moketojo_kodas no_cukai nombor_cukai no_cukai_pendapatan nombor_cukai_pendapatan ma_so_thue
        mst_ca_nhan so_mst mst 稅號 税务登记号 納稅編號 納稅人編號 納税番号 税番号 税務番号 납세번호 납세자_식별번호
        เลขประจำตัวผู้เสียภาษี เลขผู้เสียภาษี หมายเลขผู้เสียภาษี कर_पहचान_संख्या رقم_التعريف_الضريبي رقم_المكلف
        المعرف_الجبائي المعرف_الضريبي מספר_עוסק תיק_ניכויים תיק_מס_הכנסה کد_مالیاتی شناسه_مالیاتی شماره_مالیاتی
        identificacio_fiscal
        vergi_numarası
    """),
    not_names=FLAGS
    + words("""
        rate amount code class category zone region jurisdiction exempt group company vendor supplier business
        employer corporate organization merchant product item invoice country name office authority year
        tins tinder
    """),
    near=("PERSON", "DATE_OF_BIRTH"),
    general=True,
)
