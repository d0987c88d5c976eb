"""Bank account numbers of any country, in columns named so: there is no structure that all of them share.

``account`` alone is an account of anything (a customer's, a ledger's, a user's) and hints at nothing.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_NOT_IN_NUMBER = re.compile("[^0-9A-Za-z]")


def _number(cell: str) -> str:
    number = _NOT_IN_NUMBER.sub("", cell.removesuffix(".0")).upper()
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
    """),
    hints=(),
    not_names=(
        *FLAGS,
        *words("gl ledger chart twitter github instagram facebook utility meter parent age tier manager name holder"),
        *words("balance last4 last_four customer_since open opened opening close closed class category group"),
    ),
    near=("SWIFT_CODE", "ABA_ROUTING_NUMBER", "ACCOUNT_BALANCE", "PERSON"),
)
