"""Amounts that went through a person's account, where accounts or balances stand in the same table.

Elsewhere an ``amount`` is a price, a fare or a tip of a shop's own books, which says nothing about a person.
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._money import AMOUNT_CELL, amount, size

DETECTOR = Detector(
    entity=Entity(
        name="TRANSACTION_AMOUNT",
        title="amount of a bank transaction",
        role=Role.FINANCIAL,
        level=Level.CONFIDENTIAL,
        tags=("GDPR", "GLBA"),
    ),
    cell_pattern=AMOUNT_CELL,
    cell=amount,
    known=lambda cell: bool(amount(cell)) and size(cell) >= 2,
    # With 1.6 bits the values do not outweigh doubt, and with what stands near by they do.
    common=0.33,
    names=words("""
        withdrawal withdrawals withdrawal_amount withdrawal_amt deposit_amount deposit_amt debit_amount debit_amt
        credit_amt amount_debited amount_credited paid_in paid_out money_in money_out transferred_amount abhebung
        lastschrift_betrag gutschrift_betrag montant_debit montant_credit monto_retiro importe_cargo
        amount_paid_in amount_paid_out debit_amount_usd lastschriftbetrag buchungsbetrag uberweisungsbetrag
        ueberweisungsbetrag transactiebedrag transaktionsbelopp kwota_transakcji castka_transakce suma_transakcie
        iznos_transakcije tranzakcio_osszege suma_tranzactie сумма_операции сумма_транзакции сума_операціі islem_tutari
        tehingu_summa darijuma_summa operacijos_suma 取款金额 存款金额 转账金额
        入金額 出金額 입금액 출금액 이체금액 importe_operacion
        montant_operation valor_da_transacao importo_bonifico مبلغ_تراکنش مبلغ_العملية tien_vao tien_ra
    """),
    hints=words("""
        amount amt transaction_amount trans_amount txn_amount tran_amt trx_amount deposit deposits transfer_amount
        debit credit credit_amount betrag umsatz montant importe monto cargo abono importo accredito addebito
        valor_transacao bedrag kwota tutar belopp сумма 金额 交易金额 金額 المبلغ राशि
        soll haben addebiti accrediti dare avere valor debito credito montante insattning uttag belop belob innskudd
        indbetaling summa suma сума iznos износ znesek castka osszeg upphæð ποσο χρεωση πιστωση otto pano maara wplata
        wyplata obciazenie uznanie vyber vklad uplata isplata уплата исплата jovairas terheles retragere depunere дебит
        кредит списание зачисление списання зарахування deebet kreedit debet kredit jumlah nominal setoran penarikan
        so_tien halaga 支出 存入 入金 出金 取引金額 거래금액 금액 จํานวนเงิน ฝาก
        ถอน जमा निकासी مدين دائن סכום חובה זכות مبلغ برداشت واریز
        yatan cekilen
    """),
    not_names=words("""
        tax tip fare discount shipping order price cost count total invoice refund product item unit vat fee freight
        type status code currency date id quantity qty ingredient rainfall dose drug sale sales budget net gross card
        account number no history limit risk score rating line utilization loan admission
    """),
    near=(
        "ACCOUNT_BALANCE",
        "BANK_ACCOUNT",
        "IBAN_CODE",
        "ABA_ROUTING_NUMBER",
        "SWIFT_CODE",
        "CREDIT_CARD",
        "MX_CLABE",
    ),
)
