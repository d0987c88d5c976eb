"""Data that went from a customer table into features, an export and a model; and what nobody may see of it."""

from __future__ import annotations

import secrets
from datetime import date, timedelta
from typing import Any

from airflow_mlsecops.core.finding import AppliedWaiver, Finding, Novelty, Origin, Severity, Status
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.record import Record, record_id
from airflow_mlsecops.core.verdict import Gate, Outcome
from airflow_mlsecops.ledger import Ledger
from tests.web import scene

CRM = scene.CRM
CHURN, WIDE, EXPORT = "s3://ml-prod/features/churn", "s3://ml-prod/features/churn_wide", "s3://ml-prod/export/partners"
MODEL = "s3://ml-models/churn-xgb/v38"
STAFF = "s3://hr/salaries"


def email(column: str, *, parent: str = CRM, of: str = "email", **more: Any) -> Finding:
    origin = Origin(parent=parent, column=of, share=0.97, compared=1_000) if parent else None
    said = {"status": Status.FAIL, "code": "ENTITY_FROM_PARENT", "rows": 1_031, "of": 1_048_576, **more}
    return Finding(
        subject=column, reason="so", severity=Severity.CRITICAL, entity="EMAIL_ADDRESS", level=Level.RESTRICTED,
        origin=origin, **said,
    )  # fmt: skip


def waived(column: str) -> Finding:
    waiver = AppliedWaiver(id="W-1", approved_by="sec", until=date(2026, 12, 4), reason="migration")
    return email(column, waiver=waiver, rows=88)


def said(task_id: str, *findings: Finding, days: int = 0, gate: Gate = Gate.CLASSIFY, **more: Any) -> Record:
    """A record so many days before the newest."""
    run = {"dag_id": more.pop("dag_id", scene.DAG), "run_id": more.pop("run_id", f"r{days}")}
    record = scene.record(task_id, scene.verdict(gate, *findings, **more), **run)
    time = record.time - timedelta(days=days)
    return record.model_copy(update={"time": time, "id": record_id(time, secrets.token_bytes(10))})


def sealed(task_id: str, *, stopped: bool = False, **more: Any) -> Record:
    return said(task_id, gate=Gate.SEAL, outcome=Outcome.FAIL if stopped else Outcome.PASS, **more)


def went(ledger: Ledger, dag_id: str = scene.DAG) -> None:
    """The way of the design: one step stopped, one waived into a model, one exported and readable by others."""
    allowed = email("email", parent="", status=Status.PASS, code="ENTITY_ALLOWED")
    for days in (26, 23):
        ledger.append(said("scan_crm", allowed, days=days, dataset=CRM, dag_id=dag_id))
        ledger.append(said("scan_wide", waived("mail_domain_raw"), days=days, dataset=WIDE, dag_id=dag_id))
        makes = (MODEL,) if days == 23 else ()
        ledger.append(sealed("retrain", days=days, dataset=WIDE, makes=makes, dag_id=dag_id))
    ledger.append(said("scan_export", waived("note"), days=5,
                       dataset=EXPORT, dag_id=dag_id))  # fmt: skip
    strangers = scene.strangers(2)
    ledger.append(said("may_publish", *strangers, days=5, dataset=EXPORT, gate=Gate.ACCESS, dag_id=dag_id))
    ledger.append(sealed("publish", days=5, dataset=EXPORT, dag_id=dag_id))
    new = email("contact_hint", novelty=Novelty.NEW)
    ledger.append(said("scan_churn", new, dataset=CHURN, dag_id=dag_id))
    ledger.append(sealed("retrain", stopped=True, dataset=CHURN, dag_id=dag_id))
