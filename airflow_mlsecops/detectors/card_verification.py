"""Card verification codes: the three or four digits beside a card number (CVV2, CVC2, CID), in columns named so.

PCI DSS 3.3.1 forbids to keep them after authorisation, even encrypted. Three digits alone say nothing, so the words
have to stand by; numbers lose leading zeros.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words

_WORDED = re.compile(r"[:=#] ?([0-9]{3,4})(?![0-9])")


def _codes(run: str) -> Iterator[Span]:
    for match in _WORDED.finditer(run):
        yield *match.span(1), match[1]


def _code(cell: str) -> str:
    return cell.removesuffix(".0").zfill(3)


DETECTOR = Detector(
    entity=Entity(
        name="CARD_VERIFICATION",
        title="card verification code",
        role=Role.FINANCIAL,
        level=Level.RESTRICTED,
        tags=("PCI-DSS", "GDPR"),
    ),
    pattern=r"\b(?i:cvv2?|cvc2?|card verification (?:code|value)|card security code) ?[:=#] ?[0-9]{3,}",
    find=_codes,
    cell_pattern=r"^[0-9]{1,4}(?:\.0)?$",
    cell=_code,
    names=words("""
        cvv cvc cvn cvv_code cvc_code cvvc cc_cvv cc_cvc cc_csc card_csc card_cvv card_cvc cvv_number cvvnumber
        card_verification card_verification_code card_verification_value card_verification_number card_security_code
        verification_value pruefziffer_karte kartenpruefnummer cryptogramme_visuel codigo_seguridad_tarjeta
        codigo_seguranca_cartao
        cvv2 cvc2 cid_code card_cid security_code_card card_sec_code kartenprufnummer kartenprufziffer
        kartenpruefziffer sicherheitscode_karte kartensicherheitscode karten_sicherheitscode prufnummer_karte
        pruefnummer_karte cryptogramme cryptogramme_carte code_securite_carte code_de_securite_carte
        codigo_seguridad codigo_de_seguridad cod_seguridad_tarjeta cod_seguridad codice_sicurezza codice_di_sicurezza
        codice_sicurezza_carta codigo_seguranca codigo_de_seguranca cod_seguranca beveiligingscode_kaart
        veiligheidscode_kaart kaartverificatiecode sakerhetskod_kort kort_sakerhetskod kortets_sakerhetskod
        sikkerhetskode_kort kortets_sikkerhetskode kontrolcifre sikkerhedskode_kort kortets_sikkerhedskode
        turvakoodi_kortti kortin_turvakoodi kortin_turvaluku kod_bezpieczenstwa_karty kod_zabezpieczajacy_karty
        bezpecnostni_kod_karty bezpecnostny_kod_karty overovaci_kod_karty kontrolni_kod_karty varnostna_koda_kartice
        kontrolni_broj_kartice sigurnosni_kod_kartice sigurnosni_broj_kartice безбедносни_код_картице
        biztonsagi_kod_kartya kartya_biztonsagi_kod kartya_biztonsagi_kodja cod_securitate_card
        cod_de_securitate_card код_за_сигурност_карта ασφαλειας_καρτας guvenlik_kodu_kart kart_guvenlik_kodu
        код_безопасности_карты код_проверки_карты код_безпеки_картки kaardi_turvakood kartes_drosibas_kods
        korteles_saugos_kodas kode_keamanan_kartu kod_keselamatan_kad ma_bao_mat_the 信用卡安全码 卡片安全码 安全码
        卡背面安全碼 信用卡驗證碼 安全碼 卡片驗證碼 セキュリティコード カード確認番号 카드보안코드 카드_보안코드
        รหัสความปลอดภัยบัตร รหัสหลังบัตร सीवीवी رمز_الأمان_للبطاقة رمز_التحقق_من_البطاقة קוד_אבטחה_כרטיס
        کد_امنیتی_کارت codi_seguretat_targeta codi_de_seguretat_targeta
    """),
    not_names=words("""
        result check match verified response present status hash flag valid required
        door alarm sms email login two_factor wifi
    """),
    near=("CREDIT_CARD", "CARD_EXPIRY"),
)
