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
