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
    """),
    hints=words("""
        amount amt transaction_amount trans_amount txn_amount tran_amt trx_amount deposit deposits transfer_amount
        debit credit credit_amount betrag umsatz montant importe monto cargo abono importo accredito addebito
        valor_transacao bedrag kwota tutar belopp сумма 金额 交易金额 金額 المبلغ राशि
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
