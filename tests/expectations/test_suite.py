"""The suite that follows from a policy says what its gate says."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest

from airflow_mlsecops.core.baseline import Baseline
from airflow_mlsecops.core.errors import PolicyError
from airflow_mlsecops.core.finding import Status
from airflow_mlsecops.core.judge import judge_classification
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.policy import DatasetRule, Policy, StageRule, Tier
from airflow_mlsecops.core.waive import apply_waivers
from airflow_mlsecops.detectors import all_detectors, entities
from airflow_mlsecops.expectations import looking_for, suite_for, value_free
from airflow_mlsecops.scan import classify
from tests.expectations import engines

IDENTITY = "file:///lake/features"
TABLES = {
    "clean": {"colour": ["red"] * 10},
    "mail": {"contact": ["ann@example.com"] * 10},
    "one mail": {"contact": ["ann@example.com"] + ["n/a"] * 9},
    "card": {"paid": ["4539 5787 6362 1486"] * 10},
    "place": {"postcode": ["SW1A 1AA"] * 10, "city": ["London"] * 10},
}
STAGES = {
    "strict": StageRule(),
    "up to internal": StageRule(up_to=Level.INTERNAL),
    "mail": StageRule(up_to=Level.INTERNAL, may_hold=("EMAIL_ADDRESS",)),
    "all but cards": StageRule(up_to=Level.RESTRICTED, never=("tag:PCI-DSS",)),
    "all": StageRule(up_to=Level.RESTRICTED),
}


def policy(stage: StageRule, **rule: Any) -> Policy:
    datasets = (DatasetRule(match="file:///lake/**", stage="s", tier="t", **rule),)
    return Policy(
        stages={"s": stage}, tiers={"t": Tier(new_blocks_from=Level.CONFIDENTIAL)}, datasets=datasets, environments={}
    )


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("tolerate", [{}, {"EMAIL_ADDRESS": 0.1}], ids=["none", "a tenth"])
@pytest.mark.parametrize(
    "known", [Baseline(), Baseline(pairs=frozenset({("contact", "EMAIL_ADDRESS")}), records=1)], ids=["first", "known"]
)
def test_it_passes_where_the_gate_passes(context: Any, stage: str, tolerate: dict[str, float], known: Baseline) -> None:
    said = policy(STAGES[stage], tolerate=tolerate)
    suite = suite_for("derived", said, IDENTITY, entities(), baseline=known)
    for name, table in TABLES.items():
        classification = classify([pl.DataFrame(table)], all_detectors())
        findings = judge_classification(
            classification, identity=IDENTITY, policy=said, entities=entities(), baseline=known, origins={}
        )
        judged = apply_waivers(findings, identity=IDENTITY, policy=said, today=date(2026, 1, 1))
        definition, parameters = engines.pandas_batch(context, table)
        result = definition.get_batch(parameters).validate(suite)
        # A gate also asks for a fingerprint, which a classification by itself has none of.
        assert result.success is all(one.status is Status.PASS for one in judged), name


def test_a_policy_gives_levels_of_its_own(context: Any) -> None:
    said = policy(StageRule(up_to=Level.INTERNAL)).model_copy(update={"levels": {"EMAIL_ADDRESS": Level.PUBLIC}})
    with looking_for(all_detectors(), levels=said.levels):
        suite = suite_for("derived", said, IDENTITY, entities())
        definition, parameters = engines.pandas_batch(context, TABLES["mail"])
        assert definition.get_batch(parameters).validate(suite).success


def test_what_nobody_declared_may_hold_nothing() -> None:
    suite = suite_for("derived", policy(STAGES["all"]), "file:///elsewhere", entities())
    assert [(type(one).__name__, one.entities) for one in suite.expectations] == [
        ("ExpectTableToBeFreeOfSensitiveData", None)
    ]


def test_pseudonyms_and_people(context: Any) -> None:
    said = policy(StageRule(up_to=Level.RESTRICTED, k_anonymity=3, l_diversity=2))
    with pytest.raises(PolicyError, match="3 rows") as caught:
        suite_for("derived", said, IDENTITY, entities())
    assert caught.value.code == "QUASI_IDENTIFIERS_UNNAMED"
    suite = suite_for(
        "derived", said, IDENTITY, entities(), quasi=["age", "city"], sensitive="ill", pseudonymised=["pid"]
    )
    table = {"age": ["30"] * 3, "city": ["Bonn"] * 3, "ill": ["flu", "gout", "flu"], "pid": ["ab" * 16] * 3}
    definition, parameters = engines.pandas_batch(context, table)
    outcomes = value_free(definition.get_batch(parameters).validate(suite))
    assert {(one.expectation, one.columns, one.success) for one in outcomes} == {
        ("expect_column_values_to_be_pseudonymised", ("pid",), True),
        ("expect_k_anonymity_to_be_at_least", ("age", "city"), True),
    }


def test_new_is_what_the_tier_calls_new() -> None:
    known = Baseline(pairs=frozenset({("b", "AGE"), ("a", "AGE"), ("a", "PERSON")}), records=3)
    suite = suite_for("derived", policy(STAGES["all"]), IDENTITY, entities(), baseline=known)
    (new,) = suite.expectations
    assert (new.baseline, new.from_level) == ({"a": ["AGE", "PERSON"], "b": ["AGE"]}, "confidential")
