"""What a person earns: salaries, wages and brackets of income such as ``>50K``, in columns named so.

Companies and countries have incomes too: operating, gross, median and national ones are nobody's. Figures below nought
are standardised columns.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._money import AMOUNT_CELL, gained, size
from airflow_mlsecops.detectors._vocabulary import folded, vocabulary

_BRACKETS = vocabulary("low|lower|medium|middle|average|high|upper|very low|very high|below average|above average")
# Monthly pay has three digits or more in every currency; margins and hourly rates of a product have fewer.
_LEAST = 500.0


# Ratios and standardised figures; incomes are told to the cent at most.
_RATIO = re.compile(r"[0-4]?\.[0-9]{3,}")


def _income(cell: str) -> str:
    if _RATIO.fullmatch(cell):
        return ""
    return gained(cell) or (folded(cell) if folded(cell) in _BRACKETS else "")


DETECTOR = Detector(
    entity=Entity(
        name="INCOME", title="income of a person", role=Role.FINANCIAL, level=Level.CONFIDENTIAL, tags=("GDPR", "GLBA")
    ),
    cell_pattern=AMOUNT_CELL
    + r"|^(?i:(?:very )?(?:low|high)|lower|upper|medium|middle|average|(?:below|above) average)$",
    cell=_income,
    known=lambda cell: bool(gained(cell)) and size(cell) >= _LEAST,
    common=0.3,
    names=words("""
        salary salaries base_salary annual_comp yearly_comp monthly_comp weekly_comp daily_comp hourly_comp base_comp
        total_comp cash_comp gross_comp net_comp comp_amount estimated_salary annual_salary monthly_salary
        salary_in_usd salary_usd wage wages
        hourly_wage income annual_income annual_inc yearly_income monthly_income household_income family_income
        hhincome applicant_income coapplicant_income person_income income_bracket income_level income_range
        income_category income_usd total_income annual_earnings compensation total_compensation
        totalyearlycompensation base_pay basepay total_pay overtime_pay gross_pay net_pay take_home_pay pay_rate
        hourly_rate remuneration stipend annual_bonus capital_gain capital_loss gehalt lohn einkommen bruttogehalt
        nettogehalt jahresgehalt monatsgehalt bruttolohn nettolohn haushaltseinkommen salaire revenu revenus
        salaire_brut salaire_net remuneration_brute salario sueldo ingresos ingresos_anuales salario_anual nomina
        stipendio reddito retribuzione renda renda_mensal renda_familiar ordenado remuneracao salaris loon inkomen
        brutoloon wynagrodzenie pensja dochod zarobki maas gelir arslon inkomst loen indkomst lonn inntekt зарплата
        доход оклад 工资 薪资 薪水 收入 年薪 月薪 給与 年収 給料 راتب الدخل वेतन आय
        household_earn gaji gaji_pokok gaji_bersih gaji_karyawan upah penghasilan pendapatan luong tien_luong
        muc_luong thu_nhap الراتب راتب_شهري الراتب_الشهري الاجر الأجر راتب_اساسي دستمزد حقوق_ماهانه שכר משכורת הכנסה
        เงินเดือน รายได้ 급여 연봉 월급 소득 임금 मासिक_वेतन मासिक_आय fizetes brutto_ber jovedelem kereset mzda
        hruba_mzda cisty_prijem vyplata salariu salariul venit venituri salariu_brut placa_neto plaća μισθος
        εισοδημα αποδοχες заработная_плата зп з_п оклад_руб доходы заробітна_плата salarial sal_base sal_bruto
        sal_mensual sueldo_base sueldo_mensual sueldo_bruto remuneracion remuneraciones honorarios ingreso_mensual
        ingreso_anual salario_base salario_bruto salario_mensal salario_liquido vencimento vencimentos
        remuneracao_bruta rendimento_mensal stipendio_lordo reddito_annuo reddito_mensile isee
        isee_familiare salaire_mensuel salaire_annuel salaire_de_base traitement_brut revenu_mensuel revenu_annuel
        revenu_fiscal grundgehalt monatslohn stundenlohn jahreseinkommen monatseinkommen verguetung vergutung
        bruttojahresgehalt salaris_bruto maandsalaris jaarsalaris bruto_salaris placa_zasadnicza pensja_brutto
        wynagrodzenie_brutto zarobek maas_tutari net_maas brut_maas ucret aylik_gelir yillik_gelir manadslon
        arsinkomst manedslonn arsinntekt basic_salary basicsalary monthly_sal annual_sal net_salary gross_salary
        salary_amount sal_amt emp_sal emp_salary monthlyincome annualincome mthly_income hh_income faminc hh_inc
        ann_inc
        bonuses allowances
        semi_monthly_rate rice_subsidy clothing_allowance phone_allowance housing_allowance house_rent_allowance
        transport_allowance meal_allowance 13th_month_pay basic_pay take_home annual_ctc monthly_ctc commission_earned
        monatsbrutto jahresbrutto monatsnetto bruttoverdienst nettoverdienst entgelt bruttoentgelt
        haushaltsnettoeinkommen weihnachtsgeld brut_mensuel net_a_payer taux_horaire salaire_horaire aguinaldo devengado
        sueldo_neto salario_neto retribucion retribuciones haberes lordo_mensile netto_in_busta subsidio_alimentacao
        gratificacao nettoloon uurloon jaarinkomen maandinkomen vakantiegeld inkomste timlon bruttolon nettolon grundlon
        timelonn bruttolonn nettolonn grunnlonn bruttoinntekt manedslon timelon bruttoindkomst palkka kuukausipalkka
        bruttopalkka tuntipalkka peruspalkka nettopalkka tulot vuositulot laun manaðarlaun timakaup tekjur grunnlaun
        heildarlaun stawka_godzinowa dochody uposazenie plat platy hruby_plat cisty_plat zakladni_plat zakladny_plat
        funkcny_plat mesicni_plat mesacny_plat platove_ohodnocenie mzdy cista_mzda hodinova_mzda mesicni_prijem
        mesacny_prijem hruby_prijem bruto_placa neto_placa primanja dohodak zarada bruto_zarada neto_zarada плата
        плата_бруто плата_нето зарада alapber oraber munkaber netto_ber havi_fizetes remuneratie заплата възнаграждение
        ημερομισθιο μικτες_αποδοχες ucreti brut_ucret aylik_kazanc зарплата_руб к_выплате среднемесячныи_доход zarplata
        oklad дохід оклад_грн palk brutopalk netopalk pohipalk tunnitasu tootasu sissetulek alga bruto_alga neto_alga
        darba_alga menesalga ienakumi atalgojums atlyginimas darbo_uzmokestis pajamos tunjangan phu_cap thuong
        luong_co_ban sahod sweldo suweldo buwanang_kita 薪酬 津贴 薪資 本薪 時薪 实发 应发
        月収 月給 時給 日給 基本給 手当 賞与 支給額 手取り 所得 기본급 시급 수당
        상여금 월소득 실수령액 연소득 ค่าจ้าง โบนัส รายได้ต่อเดือน
        तनख्वाह तनख़्वाह البدلات صافي_الراتب حقوق_پایه حقوق_ماهیانه درآمد
        salari salari_brut sou_brut ingressos_anuals maasi geliri geliriniz gelirim aylik_ortalama_gelir
    """),
    hints=words("""
        sal earning earnings bonus pension payroll ingreso pay compensation_total package ctc lpa benefits allowance
        income_tax withholding withheld deductions deduction payroll_tax lohnsteuer monthly_rate daily_rate weekly_rate
        base_rate hra praemie premie sonderzahlung brutto netto prime prima premia odmena prijem prijmy prim kazanc
        премия премія ставка надбавка приходи rendimento ral renta
        renta_mensual lon potongan 奖金 獎金 حقوق ingressos
        sou placa plata
    """),
    not_names=(
        *words("gross_income operating company national median avg mean average per_capita percapita capita"),
        *words("composition resources"),
        *words("statement tax account expense source verified verification currency date fecha data datum day"),
        *words("code type id frequency"),
        *words("so_luong"),
        *words("grade band_id comprehensive interest investment business before_taxes gap ratio change growth index"),
        *words("poverty country region deferred other_income tier points offer policy rate_pct share currency_code"),
        *words("""
        percentage percent pct share prozent pourcentage porcentaje porcentagem percentuale procent yuzde доля процент
        loan product store invoice order increase hike percent group unit range_id malus pack plan fund revenues
    """),
        *words("""
        tax_rate tax_id tax_code tax_year tax_class tax_status tax_bracket tax_number tax_no tax_type tax_authority
        before_tax after_tax pre_tax sales_tax property_tax insurance hotel room platnost platba 所得税 收入来源
    """),
    ),
    near=("PERSON", "AGE", "GENDER", "DATE_OF_BIRTH", "OCCUPATION", "EDUCATION_LEVEL"),
)
