"""Short ways to make the nouns that tests speak of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from airflow_mlsecops.core.classification import Classification, Column, How, Sighting
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.environment import Environment
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.policy import DatasetRule, Policy, StageRule, Tier
from airflow_mlsecops.core.record import Record, Run
from airflow_mlsecops.core.verdict import Gate, Outcome, Verdict

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
DATASET = "file:///lake/features/churn"
ENTITIES = {
    entity.name: entity
    for entity in (
        Entity(
            name="EMAIL_ADDRESS", title="e-mail address", role=Role.DIRECT, level=Level.CONFIDENTIAL, tags=("GDPR",)
        ),
        Entity(name="US_SSN", title="US social security number", role=Role.DIRECT, level=Level.RESTRICTED),
        Entity(name="AWS_ACCESS_KEY", title="AWS access key", role=Role.SECRET, level=Level.RESTRICTED),
        Entity(name="COUNTRY", title="country", role=Role.QUASI, level=Level.INTERNAL),
    )
}


def policy(**changes: Any) -> Policy:
    """A small policy in which features may hold what is internal, and e-mail addresses."""
    said: dict[str, Any] = {
        "stages": {"features": StageRule(up_to=Level.INTERNAL, may_hold=("EMAIL_ADDRESS",), never=("role:secret",))},
        "tiers": {"strict": Tier()},
        "datasets": (DatasetRule(match="**/features/**", stage="features", purposes=("churn",)),),
        "environments": {"prod": Environment(requires=("ENV_MISMATCH",))},
        "digest": "d" * 64,
        "lines": {"stages.features": 14, "datasets.0": 20, "environments.prod.requires": 40},
    }
    return Policy(**{**said, **changes})


def found(*sightings: tuple[str, str, int], rows: int = 1000, **changes: Any) -> Classification:
    """A complete classification with these (column, entity, rows)."""
    names = sorted({column for column, _, _ in sightings} | {"id"})
    said: dict[str, Any] = {
        "columns": tuple(Column(name=name, type="String", rows=rows) for name in names),
        "sightings": tuple(Sighting(column=c, entity=e, rows=n, how=How.VALIDATED) for c, e, n in sightings),
        "rows_scanned": rows,
        "rows_present": rows,
        "ruleset": "r" * 64,
    }
    return Classification(**{**said, **changes})


def verdict(**changes: Any) -> Verdict:
    """A passing classification of DATASET."""
    said: dict[str, Any] = {"gate": Gate.CLASSIFY, "outcome": Outcome.PASS, "dataset": DATASET, "uri": DATASET}
    return Verdict(**{**said, **changes})


def record(time: datetime = NOW, environment: str = "prod", task_id: str = "classify", **changes: Any) -> Record:
    """A record of such a verdict."""
    return Record(
        id="0" * 32,
        time=time,
        environment=environment,
        producer="tests",
        run=Run(dag_id="churn", run_id="r1", task_id=task_id),
        verdict=verdict(**changes),
    )
