"""Taxpayer numbers of persons in Russia (INN): ten digits and two check digits.

Source: Federal Tax Service, order MM-3-4/238. Ten digits in all are companies, and no persons.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, stdnum

DETECTOR = official(
    name="RU_INN",
    title="Russian taxpayer number (INN)",
    tags=("152-FZ",),
    form=r"[0-9]{4}[ \-]?[0-9]{6}[ \-]?[0-9]{2}",
    context="инн|идентификационный номер налогоплательщика|inn",
    digits=12,
    check=stdnum("ru.inn"),
    names="inn inn_fl inn_number nomer_inn инн инн_фл номер_инн ru_inn",
    not_names="hotel name room",
)
