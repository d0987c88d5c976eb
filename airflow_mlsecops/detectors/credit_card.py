"""Payment card numbers: issuer ranges of ISO/IEC 7812 with a Luhn check digit.

14 to 16 digits bare or grouped, 17 to 19 only grouped: nineteen bare digits are far more often a 64-bit identifier.
Thirteen-digit Visa numbers are retired, while article numbers (EAN-13) of the same shape are everywhere. In columns
named so, numbers count that are mistyped or cut to their first six and last four digits; four digits are no card.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._bulk import decided, luhn, without
from airflow_mlsecops.detectors._hints import FLAGS, words
from airflow_mlsecops.detectors._runs import UUID, alone

if TYPE_CHECKING:
    import polars as pl

    from airflow_mlsecops.detectors._bulk import Rule

# A digit after "0." or "7." is a decimal place. A look-ahead, so that overlapping groups are all tried.
_SHAPE = re.compile(
    r"(?<![0-9])(?<![0-9]\.)(?="
    r"([0-9]{14,16}(?![0-9])"
    r"|[0-9]{4}([ ./-])[0-9]{4}\2[0-9]{4}\2[0-9]{1,4}(?:\2[0-9]{3})?(?![0-9])"
    r"|[0-9]{4}([ ./-])[0-9]{6}\3[0-9]{4,5}(?![0-9])"
    r"|[0-9]{6}([ ./-])[0-9]{13}(?![0-9])))"
)
# After the word, numbers count that are too short or too long for a card elsewhere, or of no issuer known here.
_WORDED = re.compile(r"(?i:card|cc|visa|maestro|amex)[^0-9\n]{0,16}([0-9]{12,19})(?![0-9])")
_ISSUED_TO_ANY = re.compile("[2-6]|1800")
_SEPARATORS = str.maketrans("", "", " ./-")
_MASKS = str.maketrans("", "", "*xX#•")
_ISSUERS = {
    "4": (16, 19),  # Visa
    "5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720": (16,),  # Mastercard
    "3[47]": (15,),  # American Express
    "6011|64[4-9]|65": (16, 19),  # Discover
    "30[0-5]|3095|36|38|39": (14, 16, 19),  # Diners Club
    "352[89]|35[3-8]": (16, 17, 18, 19),  # JCB
    "62|81": (16, 17, 18, 19),  # UnionPay
    "220[0-4]": (16, 17, 18, 19),  # Mir
    "508[5-9]|60|82": (16,),  # RuPay
    "5018|5020|5038|5893|6304|6759|676[1-3]": (14, 15, 16, 17, 18, 19),  # Maestro
}
_CLASS = re.compile(r"\[[^\]]*\]")
_ISSUED = re.compile(
    "|".join(
        rf"(?=(?:{'|'.join(f'[0-9]{{{n}}}' for n in lengths)})\Z)(?:{prefix})" for prefix, lengths in _ISSUERS.items()
    )
)
_DOUBLED = bytes.maketrans(b"0123456789", bytes((0, 2, 4, 6, 8, 1, 3, 5, 7, 9)))
_PLAIN = bytes.maketrans(b"0123456789", bytes(range(10)))


def _cards(run: str) -> Iterator[Span]:
    if run.isascii() and run.isdigit():
        if 14 <= len(run) <= 16 and _valid(run):
            yield 0, len(run), run
        return
    # As many characters as before, since positions are told.
    run = UUID.sub(" " * 36, run) if "-" in run else run
    for match in _SHAPE.finditer(run):
        digits = match[1].translate(_SEPARATORS)
        if _valid(digits) and alone(run, match.start(), match.end(1)):
            yield *match.span(1), digits
    for match in _WORDED.finditer(run):
        digits = match[1]
        found = 14 <= len(digits) <= 16 and _ISSUED.match(digits)
        if not found and _ISSUED_TO_ANY.match(digits) and _luhn(digits):
            yield *match.span(1), digits


def _bulk(texts: pl.Series) -> pl.Series:
    """Bare and grouped numbers, and words that no number stands in; null for whatever else a cell may be."""
    return decided(texts, _RULES)


def _all_valid(numbers: pl.Series) -> pl.Series:
    import polars as pl

    issued = numbers.str.contains(_issued())
    none = pl.Series([False], dtype=pl.Boolean).new_from_index(0, len(numbers))
    return none.scatter(issued.arg_true(), luhn(numbers.filter(issued)))


_RULES: tuple[Rule, ...] = (
    ("^[0-9]{14,16}$", _all_valid),
    (
        "^[0-9]{4}(?:(?: [0-9]{4}){3}|(?:-[0-9]{4}){3})$",
        lambda numbers: _all_valid(without(numbers, b" -")),
    ),
    # More digits in a row than any card has, alone or after a country's letters, as in an IBAN.
    ("^[A-Za-z]{0,4}[0-9]{20,}$", False),
    # One word with letters between its digits, as in a hash or an IBAN with its bank's code.
    (
        "^[0-9A-Za-z]{0,60}[0-9][A-Za-z]{1,30}[0-9][0-9A-Za-z]{0,60}$",
        lambda words: words.str.contains("(?i:card|cc|visa|maestro|amex)").replace(True, None),
    ),
)


@cache
def _issued() -> str:
    """Issued numbers of 14 to 16 digits, for an engine without look-ahead."""
    shapes = [
        f"{prefix}[0-9]{{{length - len(_CLASS.sub('0', prefix))}}}"
        for prefixes, lengths in _ISSUERS.items()
        for prefix in prefixes.split("|")
        for length in lengths
        if length <= 16
    ]
    return f"^(?:{'|'.join(shapes)})$"


def _number(cell: str) -> str:
    shown = cell.removesuffix(".0").translate(_SEPARATORS)
    digits = shown.translate(_MASKS)
    return digits if 10 <= len(shown) <= 19 and len(digits) >= 10 and len(set(digits)) > 1 else ""


def _is_card(cell: str) -> bool:
    digits = cell.removesuffix(".0").translate(_SEPARATORS)
    return digits.isdecimal() and _valid(digits)


def _valid(digits: str) -> bool:
    return _ISSUED.match(digits) is not None and _luhn(digits)


def _luhn(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B, which one repeated digit may pass too: that is a placeholder."""
    data = digits.encode()
    total = sum(data[::-2].translate(_PLAIN)) + sum(data[-2::-2].translate(_DOUBLED))
    return total % 10 == 0 and len(set(data)) > 1


DETECTOR = Detector(
    entity=Entity(
        name="CREDIT_CARD",
        title="payment card number",
        role=Role.FINANCIAL,
        level=Level.RESTRICTED,
        tags=("PCI-DSS", "GDPR", "CCPA"),
    ),
    pattern=r"[0-9A-Za-z.\-]*[0-9](?:[ ./\-]?[0-9]){13,}[0-9A-Za-z\-]*"
    r"|(?i:card|\bcc|visa|maestro|amex)[^0-9\n]{0,16}[0-9]{12,24}",
    find=_cards,
    bulk=_bulk,
    tried=_issued(),
    chance=0.1,
    checked=True,
    cell_pattern=r"^[0-9Xx*#•][0-9Xx*#• ./\-]{8,26}$",
    cell=_number,
    known=_is_card,
    common=0.0005,
    names=words("""
        card_number cardnumber card_no cardno card_num cardnum card_nr card_pan cc_number cc_num cc_no ccnumber ccnum
        ccno ccn pan primary_account_number credit_card creditcard credit_card_number credit_card_no debit_card
        debitcard payment_card bank_card kartennummer kreditkarte kreditkartennummer numero_carte numero_de_carte
        carte_bancaire carte_credit carte_de_credit numero_tarjeta numero_de_tarjeta tarjeta_credito
        tarjeta_de_credito numero_carta carta_credito carta_di_credito numero_cartao numero_do_cartao cartao_credito
        cartao_de_credito kaartnummer creditcardnummer numer_karty nr_karty kart_no kart_numarasi kart_numarası
        kredi_karti kredi_kartı kortnummer kreditkort номер_карты карта 卡号 银行卡号 信用卡号 カード番号 رقم_البطاقة
        कार्ड_नंबर
        credit_card_nbr cc_nbr ccnbr atm_card_no atm_card_number atm_card card_nbr kreditkartennr kreditkarten_nr
        kreditkarten_nummer kartennr karten_nr kk_nummer ec_karte ec_kartennummer bankkarte girokarte debitkarte
        debitkartennummer n_carte n_cb numero_cb no_cb carte_bleue numero_carte_bleue num_carte no_carte num_cb
        tarjeta_bancaria tarjeta_debito tarjeta_de_debito num_tarjeta nro_tarjeta no_tarjeta n_tarjeta tarjeta_num
        tarjeta_numero tdc n_carta num_carta carta_di_debito carta_debito num_cartao nr_cartao no_cartao n_cartao
        cartao_num cartao_debito cartao_de_debito kredietkaart kredietkaartnummer kredietkaartnr kredietkaart_nr
        bankkaart bankkaartnummer bankpas bankpasnummer bankpas_nr betaalkaart betaalkaartnummer kaartnr kaart_nr
        creditcard_nr creditcardnr kredietkaartnommer kaartnommer debietkaart kreditkortsnummer kreditkortnummer
        kreditkortnr kreditkortsnr kredittkort kredittkortnummer kredittkortnr kortnr kort_nr betalkort
        betalkortsnummer bankkort bankkortnummer kontokortsnummer betalingskort betalingskortnummer dankort
        dankortnummer luottokortti luottokortin_numero luottokorttinumero korttinumero kortin_numero korttinro
        kortin_nro pankkikortti maksukortti kortanumer kreditkortanumer greidslukort debetkort karta_kredytowa
        karty_kredytowej karta_platnicza karty_platniczej karta_debetowa cislo_karty c_karty cislo_kreditni_karty
        kreditni_karta platebni_karta cislo_platebni_karty cislo_platobnej_karty kreditna_karta kreditnej_karty
        platobna_karta stevilka_kartice st_kartice kreditna_kartica kreditne_kartice placilna_kartica bancna_kartica
        broj_kartice br_kartice platna_kartica платна_картица број_картице кредитна_картица bankkartya bankkartyaszam
        bankkartya_szam kartyaszam kartya_szama kartya_szam hitelkartya hitelkartyaszam card_de_credit card_credit
        numar_card nr_card numarul_cardului card_bancar serie_card номер_на_карта кредитна_карта кредитна_карта_номер
        банкова_карта дебитна_карта αριθμος_καρτας αρ_καρτας πιστωτικη_καρτα πιστωτικης_καρτας χρεωστικη_καρτα
        ar_kartas kart_numara kartno kredi_karti_no banka_karti banka_karti_no kredi_kart_no no_карты n_карты
        банковская_карта банковской_карты кредитная_карта кредитной_карты nomer_karty номер_пластиковой_карты
        номер_картки no_картки банківська_картка банківської_картки кредитна_картка картка krediitkaart
        krediitkaardi_number pangakaart pangakaardi_number kaardi_number kaardinumber kaardi_nr kreditkarte_numurs
        kartes_numurs kartes_nr kreditkartes_numurs maksajumu_karte bankas_karte kredito_kortele kredito_korteles
        korteles_numeris korteles_nr banko_kortele mokejimo_kortele kartu_kredit no_kartu nomor_kartu no_kartu_kredit
        nomor_kartu_kredit kartu_debit kad_kredit no_kad_kredit nombor_kad no_kad the_tin_dung so_the so_the_tin_dung
        so_the_ngan_hang the_ngan_hang the_ghi_no 信用卡 信用卡號 信用卡卡號 信用卡号码 信用卡號碼 卡號 借记卡
        储蓄卡号 銀行卡號 yinhangka 支付卡号 クレジットカード クレカ番号 クレカ カードno カードナンバー
        クレジット番号 デビットカード 카드번호 카드_번호 신용카드 신용카드번호 신용카드_번호 체크카드 체크카드번호
        결제카드번호 카드no บัตรเครดิต เลขบัตรเครดิต หมายเลขบัตร หมายเลขบัตรเครดิต เลขที่บัตรเครดิต บัตรเดบิต
        เลขบัตรเดบิต क्रेडिट_कार्ड कार्ड_संख्या डेबिट_कार्ड بطاقة_الائتمان بطاقة_ائتمان رقم_بطاقة_الائتمان رقم_الكارت
        رقم_البطاقة_البنكية رقم_البطاقة_الائتمانية כרטיס_אשראי מספר_כרטיס מס_כרטיס شماره_کارت کارت_اعتباری کارت_بانکی
        شماره_کارت_بانکی targeta_credit targeta_de_credit num_targeta numero_targeta targeta_bancaria
        tarjeta cartao karta_płatnicza banka_kartı greiðslukort
    """),
    hints=words("card cc payment_method payment_info carte tarjeta karte cartao carta"),
    not_names=(
        *FLAGS,
        *words("""
        last last4 last_four cvv cvc cvc2 code exp expiration expire family brand network issuer holder
        sim сим voter ration aadhaar aadhar adhar pan_card ssn health library student report score game playing
        pojistence pojisteni zdravotni zdravotnej zdravstvena ubezpieczenia ekuz pacjenta пациента медицинская
        медична личная лична пропуска лояльности скидочная москвича id_kaart id_kaartnummer kredit_limit platnost
        platnosti validade vencimiento caducidad scadenza vervaldatum gueltig ablauf ablaufdatum waznosci действия
        действительна дата срок lejarata expirare utlop utgang berlaku 有效期 有效期限 到期日 有効期限 유효기간
        التعريف الهوية الشخصية قومي ملی identita identite identidade identidad grise sanitaria sanitario vitale
        fidelite fidelidad fedelta fidelidade soci jugador gioco 社保 医保 健保 就诊 身份 电话 SIM 手机 limite limit
        saldo
        bpjs jkn keluarga mahasiswa perpustakaan pelajar knihovny biblioteki biblioteka
    """),
        *words("name"),
        *words("loyalty gift sim library membership identity medicare health graphics limit balance amount bonus"),
    ),
    near=("CARD_EXPIRY", "CARD_VERIFICATION"),
)
