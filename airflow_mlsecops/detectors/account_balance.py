"""What a person owns or owes: balances, savings, credit limits, loans and debts, in columns named so.

Balances of work and life, trade, energy or stock are none, nor are the debts of states and companies.
"""

from __future__ import annotations

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._money import AMOUNT_CELL, amount, size
from airflow_mlsecops.detectors._vocabulary import folded

_NO_AMOUNT = ("unknown", "no known", "no saving", "none", "little", "moderate", "quite rich", "rich")


def _balance(cell: str) -> str:
    spelt = folded(cell)
    return amount(cell) or (spelt if spelt.startswith(_NO_AMOUNT) else "")


DETECTOR = Detector(
    entity=Entity(
        name="ACCOUNT_BALANCE",
        title="balance, debt or savings of a person",
        role=Role.FINANCIAL,
        level=Level.CONFIDENTIAL,
        tags=("GDPR", "GLBA"),
    ),
    cell_pattern=rf"{AMOUNT_CELL}|^-?[A-Za-z][A-Za-z/ ]{{2,40}}$",
    cell=_balance,
    known=lambda cell: bool(amount(cell)) and size(cell) >= 100,
    common=0.3,
    names=words("""
        balance balances account_balance acct_balance acc_balance acct_bal account_bal current_balance
        available_balance bank_balance opening_balance closing_balance ending_balance outstanding_balance old_balance
        new_balance oldbalance newbalance oldbalanceorg newbalanceorig oldbalancedest newbalancedest balance_amount
        avg_balance average_balance cur_bal curr_bal revol_bal revolving_balance tot_cur_bal savings saving_account
        savings_account savings_balance checking_balance checking_account_balance credit_limit creditlimit
        card_limit card_balance credit_line
        limit_bal total_credit_limit loan_amount loan_amnt loanamount loan_amt loan_balance loan_outstanding
        mortgage_amount mortgage_balance funded_amnt credit_amount principal_amount outstanding_principal debt debts
        total_debt outstanding_debt debt_amount credit_card_debt student_loan_debt net_worth networth
        net_assets_person wealth kontostand saldo guthaben schulden kreditbetrag kreditlimit darlehensbetrag
        ersparnisse vermoegen solde solde_compte epargne montant_pret dette patrimoine saldo_cuenta ahorro ahorros
        deuda limite_credito monto_prestamo saldo_conta poupanca divida limite_de_credito saldo_conto risparmi debito
        spaargeld schuld stan_konta saldo_konta oszczednosci zadluzenie bakiye borc birikim баланс остаток
        задолженность долг 余额 存款 贷款金额 残高 預金 الرصيد शेष
        saldo_rekening pinjaman hutang tabungan simpanan so_du du_no tien_gui egyenleg hitel zustatek dluh uver
        sold_cont datorie imprumut stanje_racuna υπολοιπο δανειο יתרה הלוואה ยอดคงเหลือ เงินฝาก 잔액 잔고 대출금
        대출금액 예금
        रकम_शेष موجودی القرض مبلغ_القرض остаток_на_счете сумма_кредита сума_кредиту kreditsumme darlehen
        saldo_actual saldo_disponible saldo_devedor valor_emprestimo importo_prestito mutuo montant_credit encours
        kredi_tutari kredi_miktari
        avg_bal min_bal avail_bal
        kreditrahmen dispokredit restschuld restsaldo kontosaldo montant_du_pret montant_emprunt
        capital_restant_du decouvert_autorise monto_credito monto_del_prestamo monto_del_credito cupo_credito
        saldo_pendiente patrimonio patrimonio_neto importo_finanziato debito_residuo fido limite_fido giacenza risparmio
        valor_aplicado valor_financiado valor_investido spaarsaldo kredietlimiet hypotheekbedrag leenbedrag
        leningsbedrag banksaldo vermogen kreditgrans lanebelopp skuld skulder tillgangar formogenhet gjeld formue
        lanebelop lanebelob kredittgrense gæld indestaende luottoraja lainan_maara velka varallisuus saastot innistæða
        skuldir kwota_kredytu limit_kredytowy majatek saldo_poczatkowe vyse_uveru uverovy_limit majetek zostatok
        vyska_uveru dlh stanje_na_racunu znesek_kredita dolg iznos_kredita dugovanje stednja imovina стање_рачуна
        износ_кредита дуговање szamlaegyenleg hitelkeret hitelosszeg tartozas megtakaritas sold_disponibil
        valoare_credit limita_de_credit салдо кредитен_лимит размер_на_кредита дълг спестявания πιστωτικο_οριο
        ποσο_δανειου οφειλη καταθεσεις hesap_bakiyesi bakiyesi kredi_limiti mevduat кредитныи_лимит сальдо сбережения
        сумма_заима залишок заборгованість кредитнии_ліміт kontojaak laenusumma krediidilimiit laenu_summa
        konta_atlikums aizdevuma_summa kreditlimits saskaitos_likutis paskolos_suma kredito_limitas plafon_kredit
        sisa_pinjaman baki_akaun han_muc_tin_dung so_tien_vay utang 信用额度 信用額度 授信额度
        餘額 账户余额 负债 负债总额 总资产 借入額 融資額 限度額 負債額
        계좌잔액 대출잔액 신용한도 대출한도 순자산 ยอดเงินคงเหลือ วงเงินสินเชื่อ
        วงเงิน ยอดหนี้ หนี้สิน ऋण_राशि बकाया رصيد_الحساب رصيد
        الحد_الائتماني الديون יתרת_חשבון יתרת מסגרת_אשראי חובות سقف_اعتبار مانده مانده_حساب مبلغ_وام بدهی deute
        import_prestec
    """),
    hints=words("""
        deposit deposits loan credit principal outstanding overdraft assets liabilities limit owed arrears activos
        pasivos ativos passivos attivo passivo portfolio_value plafon plafond baki limita stanje balanse economii vagyon
        varlik skola dlug likutis atlikums borg борг 負債 자산 부채 חוב portfel
    """),
    not_names=(
        *words(
            "life work sheet class energy water trade stock inventory leave vacation pto qty quantity points weight"
        ),
        *words(
            "external government public national gdp fiscal budget company corporate ratio to_income dti type status"
        ),
        *words(
            "date frequency currency flag id code purpose term grade name rate percent pct score wind power heat color"
        ),
        *words("sleep mass tone equity shareholder long_term short_term admission speed time data request shift"),
        *words("carry"),
        *words("""
        age size hours months days count number default nitrogen earliest first opened open issue year last
    """),
        *words("""
        verrekening stanowisko balance_board
    """),
    ),
    near=("PERSON", "AGE", "GENDER", "CREDIT_SCORE", "INCOME", "BANK_ACCOUNT", "IBAN_CODE"),
)
