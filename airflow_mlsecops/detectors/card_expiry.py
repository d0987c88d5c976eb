"""Expiry dates of payment cards, ``MM/YY``, in columns named so.

Other things expire too (offers, food, tokens): ``expiry`` alone is a hint that needs months and a card near by.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words

_MONTH_YEAR = re.compile(r"(?:0?[1-9]|1[0-2]) ?[/\-] ?(?:20)?[0-9]{2}")

DETECTOR = Detector(
    entity=Entity(
        name="CARD_EXPIRY",
        title="expiry date of a payment card",
        role=Role.FINANCIAL,
        level=Level.INTERNAL,
        tags=("PCI-DSS",),
    ),
    cell_pattern=r"^[0-9]{1,4}(?:[ /.\-][0-9]{1,4}){0,2}(?:[ T][0-9:.]{5,15})?$|^[A-Z][a-z]{2}[ \-/'][0-9]{2,4}$",
    known=lambda cell: _MONTH_YEAR.fullmatch(cell) is not None,
    common=0.05,
    names=words("""
        cc_exp cc_expire cc_expires cc_expiry cc_expiration cc_expiredate cc_expirydate cc_exp_date ccexp card_exp
        card_expire card_expires card_expiry card_expiration card_expiredate card_expirydate card_exp_date
        card_exp_month card_exp_year card_valid_thru card_valid_until credit_card_exp credit_card_expiry
        credit_card_expiration credit_card_expire creditcard_expiry valid_thru gueltig_bis_karte kartenablauf
        ablaufdatum_karte vencimiento_tarjeta caducidad_tarjeta validade_cartao date_expiration_carte scadenza_carta
        card_exp_dt cc_exp_dt card_exp_mth exp_card expiry_card expiry_date_card exp_date_card card_validity
        card_valid_to card_valid_till karte_gueltig karte_gueltig_bis karte_gultig_bis kreditkarte_gultig_bis
        kreditkarte_gueltig_bis kk_gultig_bis kk_gueltig_bis gultig_bis_karte kreditkarte_ablauf karte_ablaufdatum
        karte_ablauf expiration_carte date_expiration_cb date_d_expiration_cb carte_exp carte_expiration
        date_validite_carte validite_carte exp_carte date_exp_carte fin_validite_carte fin_de_validite_carte
        vencimiento_de_tarjeta fecha_vencimiento_tarjeta fecha_de_vencimiento_tarjeta fecha_caducidad_tarjeta
        caducidad_de_tarjeta exp_tarjeta venc_tarjeta tarjeta_vencimiento tarjeta_caducidad tarjeta_exp
        scadenza_carta_credito scadenza_carta_di_credito scad_carta carta_scadenza validade_do_cartao
        vencimento_cartao vencimento_do_cartao cartao_validade val_cartao vervaldatum_kaart kaart_vervaldatum
        kaart_geldig_tot vervaldatum_creditcard creditcard_vervaldatum vervaldatum_kredietkaart kort_utgang
        kort_utgangsdatum kortets_giltighetstid giltig_till_kort kort_giltigt_till kort_giltighetstid utlopsdato_kort
        kort_utlopsdato utløpsdato_kort kort_utløpsdato kort_utlop kort_utløp gyldig_til_kort udlobsdato_kort
        udløbsdato_kort kort_udløb kort_udløbsdato kort_udlob kort_udlobsdato kortin_voimassaolo voimassa_kortti
        kortti_voimassa waznosc_karty waznosci_karty ważność_karty karta_wazna_do platnost_karty platnosti_karty
        expirace_karty expiracia_karty veljavnost_kartice veljavnosti_kartice isteka_kartice istek_kartice
        kartica_vrijedi_do vrijedi_do_kartica vazenje_kartice vazi_do_kartica kartya_lejarata kartya_lejarat
        lejarati_datum_kartya expirare_card card_expirare valabilitate_card валидност_карта валидност_на_картата
        валидна_до_карта ληξης_καρτας ληξη_καρτας lixi_kartas kart_son_kullanma kart_skt skt_kart kart_gecerlilik
        срок_действия_карты срок_карты карта_действительна_до дата_окончания_карты дії_картки термін_картки
        kaardi_kehtivus kaart_kehtib kartes_deriguma kartes_termins karte_deriga korteles_galiojimas kortele_galioja
        masa_berlaku_kartu kartu_berlaku tarikh_luput_kad het_han_the han_the ngay_het_han_the 卡有效期 卡到期日
        卡片有效期 信用卡有效期 信用卡到期日 銀行卡有效期 カード有効期限 カード期限 クレジットカード有効期限
        카드유효기간 카드_유효기간 신용카드유효기간 카드만료일 유효기간_카드 วันหมดอายุบัตร บัตรหมดอายุ
        วันหมดอายุบัตรเครดิต कार्ड_समाप्ति कार्ड_वैधता انتهاء_البطاقة صلاحية_البطاقة תוקף_כרטיס תוקף_הכרטיס
        תוקף_כרטיס_אשראי انقضای_کارت انقضا_کارت caducitat_targeta caducitat_de_targeta
    """),
    hints=words(
        "exp expire expires expiry expiration exp_date expiry_date expiration_date exp_month exp_year valid_to"
    ),
    not_names=words("""
        token session product offer coupon licence license passport password certificate visa contract
        library health insurance identity medicare sim loyalty membership identita
    """),
    near=("CREDIT_CARD", "CARD_VERIFICATION"),
)
