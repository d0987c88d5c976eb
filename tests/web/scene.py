"""Runs as a ledger remembers them: the one of the design, and those that someone hostile would leave behind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from airflow_mlsecops.core.classification import How, Sighting, Skipped
from airflow_mlsecops.core.finding import AppliedWaiver, Finding, Novelty, Origin, Severity, Status
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.record import Entry, Record, Run, record_id
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict, in_order, outcome_of
from airflow_mlsecops.ledger import Ledger, open_ledger
from airflow_mlsecops.ledger.keys import Keyring, PrivateKeySigner, local_signer

DAG = "churn"
RUN = "scheduled__2026-11-23T06:00:00+00:00"
FEATURES = "s3://ml-prod/features/churn"
CRM = "postgres://crm:5432/crm.public.customers"
TITLES = {
    "EMAIL_ADDRESS": "e-mail address",
    "PERSON": "person name",
    "PHONE_NUMBER": "phone number",
    "POSTCODE": "postcode",
}
START = datetime(2026, 11, 23, 6, 2, 15, tzinfo=UTC)
LONG = "_".join(["customer_support_conversation_transcript_first_message_body"] * 4)

EMAIL = Finding(
    status=Status.FAIL,
    code="ENTITY_FROM_PARENT",
    subject="contact_hint",
    reason=f"not allowed in stage features; 97 % of it stands in {CRM} column email",
    severity=Severity.CRITICAL,
    entity="EMAIL_ADDRESS",
    level=Level.RESTRICTED,
    rows=1_031,
    of=1_048_576,
    how=How.VALIDATED.value,
    novelty=Novelty.NEW,
    origin=Origin(parent=CRM, column="email", share=0.97, compared=1_000),
    rule="policy.yaml:14",
    remedy=f"leave out email of {CRM} where the two are joined, or pseudonymise it",
)
PHONE = EMAIL.model_copy(
    update={
        "subject": "referrer_note",
        "entity": "PHONE_NUMBER",
        "code": "ENTITY_NOT_ALLOWED",
        "reason": "not allowed in stage features",
        "rows": 4_194,
        "origin": None,
        "novelty": Novelty.KNOWN,
        "waiver": AppliedWaiver(id="W-7", approved_by="crm-security", until=date(2027, 1, 31), reason="migration"),
    }
)
POSTCODE = Finding(
    status=Status.PASS,
    code="ENTITY_ALLOWED",
    subject="postcode",
    reason="stage features may hold it",
    severity=Severity.MEDIUM,
    entity="POSTCODE",
    level=Level.INTERNAL,
    rows=1_036_000,
    of=1_048_576,
    how=How.PATTERN.value,
    novelty=Novelty.KNOWN,
    rule="policy.yaml:14",
)
BUCKET = Finding(
    status=Status.UNKNOWN,
    code="GRANT_BUCKET_POLICY",
    subject="ml-prod",
    reason="who else can read this bucket was not observed: the role airflow-gates lacks `s3:GetBucketPolicy`",
    severity=Severity.HIGH,
    remedy="ask the owner of the bucket to add the permission, or have the gap accepted under `not_observable`",
    rule="policy.yaml:61",
)
ALLOWED = Finding(
    status=Status.PASS,
    code="ACCESS_ALLOWED",
    subject="churn.may_train",
    reason="may train for churn (train-features: the team owns it)",
    rule="access.cedar",
)


def strangers(number: int, *ends: str, status: Status = Status.FAIL) -> tuple[Finding, ...]:
    """What an access gate finds of readers that the policy does not list, and of all of them together."""
    said = {"status": status, "severity": Severity.CRITICAL, "rule": "policy.yaml:130"}
    code = "READER_NOT_ALLOWED" if status is Status.FAIL else "READER_POSSIBLE"
    each = (
        Finding(code=code, subject=f"role_{n}", reason="a person can read it: superuser", remedy="end its ways", commands=(f"END {n}",), **said)
        for n in range(number)
    )  # fmt: skip
    reason = f"{number + 3} principals can read it, or may; the policy does not list {number} of them"
    whole = Finding(
        code="READERS", subject="sql://crm/customers", reason=reason, required=False, commands=ends,
        remedy="`airflow-mlsecops who-can-read sql://crm/customers` tells every way", **said,
    )  # fmt: skip
    return (*each, whole)


def check(code: str, status: Status = Status.PASS, **more: Any) -> Finding:
    """A finding of the isolation gate."""
    return Finding(
        status=status, code=code, subject=more.pop("subject", "job"), reason=more.pop("reason", "it is so"), **more
    )


def verdict(gate: Gate, *findings: Finding, outcome: Outcome | None = None, **more: Any) -> Verdict:
    """A verdict by its findings."""
    ordered = in_order(findings)
    found = {
        "dataset": FEATURES,
        "uri": "s3://aws_default@ml-prod/features/churn",
        "policy": "4f2c9a" + "0" * 58,
        **more,
    }
    return Verdict(gate=gate, outcome=outcome or outcome_of(ordered), findings=ordered, **found)


def record(task_id: str, said: Verdict, *, number: int = 0, run_id: str = RUN, dag_id: str = DAG, **run: Any) -> Record:
    """A record; ``number`` spaces records out in time."""
    time = START + timedelta(seconds=number * 10)
    return Record(
        id=record_id(time, (number + 1).to_bytes(10, "big")),
        time=time,
        environment="prod-train",
        producer="airflow-mlsecops 0.1.0",
        run=Run(dag_id=dag_id, run_id=run_id, task_id=task_id, **run),
        verdict=said,
    )


def entry(sequence: int, task_id: str, said: Verdict, key_id: str = "ml-prod-1", **more: Any) -> Entry:
    """An entry as the ledger would give it, for what needs no ledger."""
    written = record(task_id, said, number=sequence, **more)
    return Entry(
        record=written, sequence=sequence, previous="0" * 64, hash="18f7972b" + "0" * 56, key_id=key_id, signature=""
    )


def read(**more: Any) -> dict[str, Any]:
    """What a classify gate counted."""
    scanned = {"rows_scanned": 1_048_576, "rows_present": 1_048_576, "columns": 68, "seconds": 2.1}
    return {**scanned, "ruleset": "b71e02" + "0" * 58, "fingerprint": "9c41d7" + "0" * 58, "parts": 4, **more}


def sightings(*pairs: tuple[str, str]) -> tuple[Sighting, ...]:
    """What was seen in which column."""
    return tuple(Sighting(column=column, entity=entity, rows=5, how=How.VALIDATED) for column, entity in pairs)


CLASSIFY_RAW = verdict(
    Gate.CLASSIFY,
    POSTCODE.model_copy(update={"subject": "postcode"}),
    POSTCODE.model_copy(update={"subject": "email", "entity": "EMAIL_ADDRESS", "level": Level.RESTRICTED}),
    **read(rows_scanned=2_310_447, rows_present=2_310_447, columns=9, seconds=3.1),
    sightings=sightings(("postcode", "POSTCODE"), ("email", "EMAIL_ADDRESS")),
    dataset=CRM,
)
ISOLATION = verdict(
    Gate.ISOLATION,
    *(check(f"ISO-{number:02}", rule="policy.yaml:80") for number in range(14)),
    check("ISO-99", Status.UNKNOWN, subject="VPC endpoint", required=False, reason="egress was not observed"),
    seconds=0.4,
)
CLASSIFY_FEATURES = verdict(
    Gate.CLASSIFY,
    EMAIL,
    PHONE,
    POSTCODE,
    **read(partition="2026-11-23/"),
    not_looked_at=(
        Skipped(code="CELLS_CUT", detail=f"12 cells longer than 1 MiB in {LONG}: their first 1 MiB was read"),
    ),
)
MAY_TRAIN = verdict(Gate.ACCESS, BUCKET, seconds=0.3)
RETRAIN = verdict(
    Gate.SEAL,
    check("SEAL_HOLDS", subject="classify_raw", reason="passed on this very data"),
    check(
        "SEAL_GATE_NOT_PASSED",
        Status.FAIL,
        subject="classify_features",
        reason="its newest record does not let this through",
        expected="an enforced pass",
        got="fail",
        remedy="fix what classify_features found, then clear it",
    ),
    check(
        "SEAL_NO_RECORD",
        Status.FAIL,
        subject="check_grants",
        reason="this run has no record of it: its task state and XCom prove nothing",
        expected="a record of this run",
        got="none",
        remedy="clear check_grants and let it run",
    ),
    seconds=0.1,
)
STOPPED = (
    ("classify_raw", CLASSIFY_RAW),
    ("check_isolation", ISOLATION),
    ("classify_features", CLASSIFY_FEATURES),
    ("may_train", MAY_TRAIN),
    ("retrain", RETRAIN),
)
CLEAN = verdict(Gate.CLASSIFY, POSTCODE, **read(), sightings=sightings(("postcode", "POSTCODE")))
PASSED = (
    ("classify_features", CLEAN),
    ("check_isolation", ISOLATION),
    ("may_train", verdict(Gate.ACCESS, ALLOWED, seconds=0.3)),
    ("retrain", verdict(Gate.SEAL, check("SEAL_HOLDS", subject="classify_features"), seconds=0.1)),
)
OBSERVED = tuple((task, said.model_copy(update={"enforced": False})) for task, said in STOPPED)


def ledger_in(folder: Path, *, named: bool = False) -> tuple[Ledger, str, Keyring]:
    """A real ledger in a folder, writable; with its URL and the keys that are trusted."""
    signer = local_signer(folder)
    if named:
        pem = next(path for path in folder.iterdir() if b"PRIVATE KEY" in path.read_bytes()).read_bytes()
        signer = PrivateKeySigner.from_pem(pem, "ml-prod-1")
    url = f"sqlite:///{folder / 'ledger.db'}"
    keyring = Keyring.of({}).with_signer(signer)
    return open_ledger(url, signer=signer, keyring=keyring), url, keyring


def write(ledger: Ledger, tasks: tuple[tuple[str, Verdict], ...], *, start: int = 0, **more: Any) -> tuple[Entry, ...]:
    """Append one record for each task."""
    return tuple(ledger.append(record(task, said, number=start + n, **more)) for n, (task, said) in enumerate(tasks))


POLICY = {
    "stages": {"features": {}},
    "environments": {},
    "datasets": [{"match": "s3://ml-prod/features/**", "stage": "features", "owner": "growth-ml"}],
    "lines": {"datasets.0": 14, "waivers.0": 60},
    "waivers": [
        {
            "id": "W-7",
            "dataset": "s3://ml-prod/features/**",
            "code": "ENTITY_NOT_ALLOWED",
            "subject": "referrer_note",
            "entity": "PHONE_NUMBER",
            "requested_by": "author-1",
            "approved_by": "crm-security",
            "reason": "migration",
            "until": "2027-01-31",
        }
    ],
}
"""What the policy says in the scene, as ``policy.yaml`` would."""
YESTERDAY = verdict(
    Gate.CLASSIFY,
    POSTCODE.model_copy(update={"rows": 1_035_210}),
    POSTCODE.model_copy(update={"subject": "legacy_phone", "entity": "PHONE_NUMBER", "rows": 44}),
    **read(
        ruleset="r" * 64, columns=4, partition="2026-11-22/", clean_columns=("user_id", "visits"), fingerprint="a" * 64
    ),
    sightings=sightings(("postcode", "POSTCODE"), ("legacy_phone", "PHONE_NUMBER")),
)
"""What the scan before the stopped run found."""
