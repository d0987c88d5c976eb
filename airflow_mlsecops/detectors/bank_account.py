"""Bank account numbers of any country, in columns named so: there is no structure that all of them share.

``account`` alone is an account of anything (a customer's, a ledger's, a user's) and hints at nothing.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._documents import DATE, DECIMAL
from airflow_mlsecops.detectors._hints import FLAGS, words

# Written as some write days.
_SORT_CODE = re.compile("[0-9]{2}-[0-9]{2}-[0-9]{2}")
_NOT_IN_NUMBER = re.compile("[^0-9A-Za-z]")


def _number(cell: str) -> str:
    cell = cell.removesuffix(".0")
    if not _SORT_CODE.fullmatch(cell) and (DATE.fullmatch(cell) or DECIMAL.fullmatch(cell)):
        return ""
    number = _NOT_IN_NUMBER.sub("", cell).upper()
    digits = sum(map(str.isdigit, number))
    return number if digits >= 5 and len(number) - digits <= 8 and len(set(number)) > 1 else ""


DETECTOR = Detector(
    entity=Entity(
        name="BANK_ACCOUNT",
        title="bank account number",
        role=Role.FINANCIAL,
        level=Level.CONFIDENTIAL,
        tags=("GDPR", "GLBA", "CCPA"),
    ),
    cell_pattern=r"^[0-9A-Za-z*•][0-9A-Za-z*• ./\-]{4,38}$|^[0-9]\.[0-9]+[eE]\+[12][0-9]$",
    cell=_number,
    names=words("""
        account_number accountnumber account_num account_no account_nr accountno acct_number acct_num acct_no acct_nr
        acctnum acctno acnt_no ac_no bank_account bankaccount bank_account_number bank_account_no bank_acct bank_acc
        bank_acc_no acc_number acc_no acc_num bban nuban ddan giro_account bank_number savings_account_number
        checking_account beneficiary_account debit_account credit_account from_account to_account sender_account
        receiver_account payer_account payee_account sort_code sortcode bsb bsb_number ifsc ifsc_code bankleitzahl blz
        konto_nr kontonummer kontonr konto_nummer bankkonto bankverbindung kontonummern numero_compte numero_de_compte
        num_compte compte_bancaire rib numero_cuenta numero_de_cuenta num_cuenta nro_cuenta cuenta_bancaria cbu
        numero_conta numero_da_conta conta_bancaria conta_corrente agencia_conta numero_conto conto_corrente
        conto_bancario rekeningnummer bankrekening rekening_nr numer_konta numer_rachunku nr_konta nr_rachunku
        rachunek_bankowy hesap_no hesap_numarasi hesap_numarası bankgiro plusgiro clearingnummer расчетный_счет
        номер_счета лицевой_счет лицевои_счет 银行账号 银行账户 账号 口座番号 銀行口座 رقم_الحساب खाता_संख्या
        खाता_नंबर
        no_rekening nomor_rekening norek rekening rek_no akaun no_akaun nombor_akaun so_tai_khoan stk
        tai_khoan_ngan_hang szamlaszam bankszamlaszam bankszamla cislo_uctu cislo_bankovniho_uctu
        cislo_bankoveho_uctu bankovni_ucet cont_bancar nr_cont numar_cont cont_iban broj_racuna tekuci_racun
        ziro_racun trr stevilka_racuna tilinumero kontonum bankkontonr bank_konto kontonummer_iban λογαριασμος
        αριθμος_λογαριασμου τραπεζικος_λογαριασμος חשבון_בנק מספר_חשבון เลขที่บัญชี เลขบัญชี บัญชีธนาคาร 계좌 계좌번호
        은행계좌 통장번호 बैंक_खाता حساب_بنكي رقم_الحساب_البنكي حساب_بانکی شماره_حساب р_с р_сч рас_счет расч_счет
        номер_расчетного_счета банковский_счет рахунок розрахунковий_рахунок kontonr_iban kto kto_nr ktonr
        num_compte_bancaire no_compte nro_compte compte_bancaire_num ncuenta num_cta nro_cta cta_bancaria
        cta_corriente cuenta_corriente cuenta_clabe conta_banco num_conta nr_conta conta_poupanca n_conto
        num_conto nr_rach rachunek nr_rachunku_bankowego hesapno hesap_numara banka_hesap_no banka_hesabi bankgironr
        bankrekeningnummer rekeningnr reknr bank_ac bank_ac_no acc_nbr acct_nbr account_nbr ac_number a_c_no 账户号
        银行卡账号 口座 银行账户号 帳號 銀行帳號
        ach_account salary_account payroll_account bank_details bank_account_details girokonto empfangerkonto
        empfaengerkonto absenderkonto gegenkonto auftraggeberkonto depotnummer zielkonto n_compte
        numero_de_compte_bancaire coordonnees_bancaires code_banque_guichet compte_beneficiaire compte_destinataire
        compte_emetteur no_cuenta n_cuenta cuenta_de_ahorros cta_ahorros cuenta_ahorros cuenta_destino cuenta_origen
        cvu cci_cuenta cuenta_cci codigo_cuenta_cliente cuenta_abono coordinate_bancarie cc_bancario c_c_bancario
        numero_di_conto numero_cc n_cc conto_beneficiario conto_ordinante n_conta no_conta conta_destino conta_origem
        dados_bancarios chave_pix nib tegenrekening tegenrekeningnummer rekeningnummer_begunstigde eigen_rekening
        rekeningnommer rek_nr bankrekeningnommer lonekonto mottagarkonto avsandarkonto bg_nummer lonnskonto
        lønnskonto lønkonto lonkonto til_konto fra_konto mottakerkonto modtagerkonto nemkonto reg_konto regnr_konto
        pankkitili pankkitilin_numero tilinro tili_nro maksutili pankkiyhteys saajan_tili reikningsnumer
        bankareikningur bankareikningsnumer reikn_nr reikningsnr nrb konto_bankowe konta_bankowego rachunek_odbiorcy
        rachunek_nadawcy rachunku_odbiorcy rachunku_bankowego c_uctu bankovni_spojeni protiucet cislo_protiuctu
        protiuctu bankove_spojenie bankovy_ucet bankovneho_uctu racun_banka bancni_racun st_racuna
        transakcijski_racun broj_bankovnog_racuna bankovni_racun br_racuna tekuceg_racuna broj_ziro_racuna
        број_рачуна текући_рачун жиро_рачун банковни_рачун folyoszamla folyoszamlaszam szamla_szama szamla_szam
        kedvezmenyezett_szamlaszama cont_beneficiar numar_de_cont numarul_contului банкова_сметка номер_на_сметка
        no_на_сметка сметка_на_получателя αρ_λογαριασμου ar_logariasmou arithmos_logariasmou banka_hesap alici_hesap
        alici_hesap_no gonderen_hesap номер_лицевого_счета счет_получателя счет_отправителя счет_плательщика
        корр_счет корреспондентский_счет р_счет nomer_scheta номер_рахунку no_рахунку банківський_рахунок
        рахунок_отримувача р_р_рахунок kontonumber konto_number pangakonto pangakonto_number arvelduskonto
        arveldusarve arveldusarve_nr konta_numurs konta_nr bankas_konts norekinu_konts sanemeja_konts
        saskaitos_numeris saskaitos_nr banko_saskaita banko_saskaitos atsiskaitomoji_saskaita gavejo_saskaita no_rek
        nomor_rek nomor_rekening_bank rekening_tujuan so_tk sotk tai_khoan_nh tai_khoan_nhan so_tai_khoan_ngan_hang
        numero_ng_account bank_account_numero 帐号 銀行帳戶 帳戶號碼 银行户口 對方帳號 对方账户 对方账号 收款账户
        付款账户 支店番号 振込先口座 振込口座 預金口座 입금계좌 출금계좌 환불계좌 급여계좌 가상계좌 환불계좌번호
        银行卡 银行卡号 ব্যাংক_হিসাব_নম্বর হিসাব_নম্বর nambari_ya_akaunti akaunti_ya_benki шот_нөмірі
        hisob_raqami дансны_дугаар no_cta nro_cta num_cta n_cta
        계좌_번호 은행계좌번호 입금_계좌번호 หมายเลขบัญชี เลขบัญชีธนาคาร เลขที่บัญชีธนาคาร หมายเลขบัญชีธนาคาร
        खाता_क्रमांक बैंक_खाता_संख्या الحساب_البنكي رقم_حساب_البنك الحساب_المصرفي رقم_الحساب_المصرفي
        מס_חחשבון_בנק_לזיכוי شماره_حساب_بانکی compte_bancari compte_corrent
        banka_hesabı alıcı_hesap gönderen_hesap
    """),
    hints=(),
    not_names=(
        *FLAGS,
        *words("""
        gl ledger chart twitter github instagram facebook utility meter parent age tier manager name holder
        saldo importe importo betrag bedrag montant fecha datum date validade verrekening verrekend kundenkonto
        benutzerkonto sollkonto habenkonto sachkonto grootboek grootboekrekening rendiconto resconto
    """),
        *words("balance last4 last_four customer_since open opened opening close closed class category group"),
    ),
    near=("SWIFT_CODE", "ABA_ROUTING_NUMBER", "ACCOUNT_BALANCE", "PERSON"),
)
