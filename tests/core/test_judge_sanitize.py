"""What has to be done before data may go where it goes, and whether it was done."""

from __future__ import annotations

from typing import Any

import pytest

from airflow_mlsecops.core.baseline import Baseline
from airflow_mlsecops.core.classification import Classification, Column, How, Sighting
from airflow_mlsecops.core.finding import Finding, Status
from airflow_mlsecops.core.judge import judge_classification
from airflow_mlsecops.core.judge_sanitize import Plan, Traits, judge_residue, plan, told
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.policy import StageRule
from airflow_mlsecops.core.treatment import Rule, Treated, Treatment
from airflow_mlsecops.sanitize import transformation_of
from tests.core.make import DATASET, ENTITIES, found, policy

MASK = {"with": "mask", "keep_last": 4}


def planned(classification: Classification, rules: dict[str, Any], **added: Any) -> Plan:
    stage = StageRule(up_to=Level.INTERNAL, sanitize={name: Rule.model_validate(rule) for name, rule in rules.items()})
    return plan(
        classification,
        identity=DATASET,
        policy=policy(stages={"features": stage}),
        entities=ENTITIES,
        added={name: Rule.model_validate(rule) for name, rule in added.get("added", {}).items()},
        keeps=lambda rule: transformation_of(rule).keeps,
    )


def prose(column: str, entity: str, how: How = How.VALIDATED) -> Classification:
    return found().model_copy(
        update={
            "columns": (Column(name=column, type="String", rows=1000, prose=True),),
            "sightings": (Sighting(column=column, entity=entity, rows=3, how=how),),
        }
    )


def seen(column: str, entity: str, how: How) -> Classification:
    return found((column, entity, 10)).model_copy(
        update={"sightings": (Sighting(column=column, entity=entity, rows=10, how=how),)}
    )


MAIL, SSN, LAND = ("mail", "EMAIL_ADDRESS", 9), ("ssn", "US_SSN", 9), ("land", "COUNTRY", 9)

PLANS = [
    # what is there, the policy's rules, the operator's, what is done, why it must not begin
    ("nothing sensitive", found(), {}, {}, [], []),
    ("what the stage may hold stays", found(LAND), {}, {}, [], []),
    ("what the stage may hold is treated where a rule says so", found(LAND), {"COUNTRY": "drop"}, {},
     [("land", "drop", False)], []),
    ("no rule", found(MAIL), {}, {}, [], ["NO_RULE"]),
    ("a rule for another entity", found(MAIL, SSN), {"US_SSN": "drop"}, {}, [("ssn", "drop", False)], ["NO_RULE"]),
    ("by role", found(MAIL, SSN), {"role:direct identifier": "pseudonymise"}, {},
     [("mail", "pseudonymise", False), ("ssn", "pseudonymise", False)], []),
    ("by regulation", found(MAIL), {"tag:GDPR": "null"}, {}, [("mail", "null", False)], []),
    ("its own name before its role, in any order", found(MAIL), {"role:direct identifier": "drop", "EMAIL_ADDRESS": MASK},
     {}, [("mail", "mask(keep_last=4)", False)], []),
    ("the operator adds what the policy has not", found(MAIL), {}, {"EMAIL_ADDRESS": "drop"}, [("mail", "drop", False)], []),
    ("the operator does not weaken what the policy has", found(MAIL), {"EMAIL_ADDRESS": "drop"}, {"EMAIL_ADDRESS": MASK},
     [("mail", "drop", False)], []),
    ("the operator's rule for a column is done beside the policy's", found(MAIL), {"EMAIL_ADDRESS": MASK},
     {"column:mail": "drop"}, [("mail", "drop", False), ("mail", "mask(keep_last=4)", False)], []),
    ("a rule for a column serves what has no other", found(MAIL), {}, {"column:mail": "drop"}, [("mail", "drop", False)], []),
    ("a column without anything can be dropped", found(), {}, {"column:id": "drop"}, [("id", "drop", False)], []),
    ("a column that is not there", found(), {}, {"column:idd": "drop"}, [], ["NO_SUCH_COLUMN"]),
    ("the task's rule may keep nothing of what may not stay", found(MAIL), {}, {"EMAIL_ADDRESS": MASK}, [], ["RULE_KEEPS"]),
    ("nor mask by a pattern of its own", found(MAIL), {}, {"EMAIL_ADDRESS": {"with": "mask", "pattern": "@"}}, [],
     ["RULE_KEEPS"]),
    ("nor make it coarser", found(SSN), {}, {"column:ssn": {"with": "number_bin", "width": 1}},
     [("ssn", "number_bin(width=1)", False)], ["RULE_KEEPS"]),
    ("what the stage may hold it may make coarser", found(LAND), {}, {"COUNTRY": MASK},
     [("land", "mask(keep_last=4)", False)], []),
    ("beside the policy's rule it may only take all", found(SSN), {"US_SSN": "mask"}, {"column:ssn": "pseudonymise"},
     [("ssn", "mask", False), ("ssn", "pseudonymise", False)], ["RULE_KEEPS"]),
    ("a kind that nothing recognises", found(), {}, {"EMAIL_ADRESS": "drop", "role:nobody": "drop"}, [],
     ["NO_SUCH_ENTITY", "NO_SUCH_ENTITY"]),
    ("in sentences the place alone is treated", prose("notes", "EMAIL_ADDRESS"), {"EMAIL_ADDRESS": "pseudonymise"}, {},
     [("notes", "pseudonymise", True)], []),
    ("what is made up could not be told from what was missed", prose("notes", "EMAIL_ADDRESS"),
     {"EMAIL_ADDRESS": {"with": "synthetic", "kind": "email"}}, {}, [("notes", "redact", True)], []),
    ("a name that only the column tells has no place that could be redacted", seen("n", "EMAIL_ADDRESS", How.NAME),
     {"EMAIL_ADDRESS": "redact"}, {}, [("n", "constant(value=<EMAIL_ADDRESS>)", False)], []),
    ("what is proven has", seen("n", "EMAIL_ADDRESS", How.PATTERN), {"EMAIL_ADDRESS": "redact"}, {},
     [("n", "redact", False)], []),
    ("what nobody knows any more has no rule", found(("x", "GONE", 1)), {"role:direct identifier": "drop"}, {}, [],
     ["NO_RULE"]),
]  # fmt: skip


@pytest.mark.parametrize(("classification", "rules", "added", "done", "codes"), [case[1:] for case in PLANS],
                         ids=[case[0] for case in PLANS])  # fmt: skip
def test_plan(
    classification: Classification, rules: dict[str, Any], added: dict[str, Any], done: list[Any], codes: list[str]
) -> None:
    result = planned(classification, rules, added=added)
    assert [(one.column, str(one.rule), one.within) for one in result.treatments] == done
    assert [finding.code for finding in result.findings] == codes
    assert all(finding.blocks and finding.status is Status.FAIL for finding in result.findings)


def test_a_target_that_nobody_declares_may_hold_nothing() -> None:
    result = plan(found(LAND), identity="file:///elsewhere", policy=policy(), entities=ENTITIES, added={})
    assert [(finding.code, finding.subject) for finding in result.findings] == [("NO_RULE", "land")]
    assert "no line of the policy declares the target" in result.findings[0].reason


def residue(
    left: Classification, *treatments: Treatment, misshapen: dict[str, int] | None = None, **traits: Traits
) -> list[Finding]:
    findings = judge_classification(
        left, identity=DATASET, policy=policy(), entities=ENTITIES, baseline=Baseline(), origins={}
    )
    return list(judge_residue(findings, left, treatments, misshapen or {}, traits))


def treatment(column: str, entity: str, rule: Any = "mask", *, within: bool = False) -> Treatment:
    return Treatment(column=column, entities=(entity,), rule=Rule.model_validate(rule), within=within)


RESIDUES = [
    # what is left, how it is recognised, within sentences, traits, code, status
    ("proven", How.VALIDATED, False, Traits(shaped=True), "RESIDUE", Status.FAIL),
    ("by its shape", How.PATTERN, False, Traits(shaped=True), "RESIDUE", Status.FAIL),
    ("by the column's name, and each cell was checked", How.NAME, False, Traits(shaped=True), "ENTITY_REPLACED", Status.PASS),
    ("by the column's name, and no cell was checked", How.NAME, False, Traits(), "RESIDUE", Status.FAIL),
    ("by alike values within sentences", How.VALUES, True, Traits(shaped=True), "RESIDUE", Status.FAIL),
    ("made up", How.VALIDATED, False, Traits(recognisable=True), "ENTITY_REPLACED", Status.PASS),
]  # fmt: skip


@pytest.mark.parametrize(("how", "within", "traits", "code", "status"), [case[1:] for case in RESIDUES],
                         ids=[case[0] for case in RESIDUES])  # fmt: skip
def test_what_is_left_of_what_was_removed(how: How, within: bool, traits: Traits, code: str, status: Status) -> None:
    left = seen("mail", "EMAIL_ADDRESS", how)
    judged = residue(left, treatment("mail", "EMAIL_ADDRESS", within=within), mail=traits)
    # The stage may hold e-mail addresses: what was to be removed may not be left all the same.
    assert [(finding.code, finding.status) for finding in judged] == [(code, status)]


def test_residue_names_its_share_and_the_rule() -> None:
    (finding,) = residue(seen("mail", "EMAIL_ADDRESS", How.VALIDATED), treatment("mail", "EMAIL_ADDRESS", MASK))
    assert finding.reason == "1.00 % of the rows still hold it after mask(keep_last=4)"
    assert (finding.rows, finding.of) == (10, 1000)


def test_what_was_removed_from_one_column_may_stand_in_another() -> None:
    left = found(("other", "EMAIL_ADDRESS", 5))
    judged = residue(left, treatment("mail", "EMAIL_ADDRESS"))
    assert [(finding.code, finding.status) for finding in judged] == [("ENTITY_ALLOWED", Status.PASS)]


def test_cells_that_do_not_look_as_they_must() -> None:
    judged = residue(found(), treatment("mail", "EMAIL_ADDRESS"), misshapen={"mail": 2, "land": 0})
    assert [(f.code, f.subject, f.rows) for f in judged if f.blocks] == [("RESIDUE", "mail", 2)]


def test_what_was_done_is_told_in_counts() -> None:
    (finding,) = told(
        [
            Treated(
                column="mail",
                entities=("EMAIL_ADDRESS",),
                transformation="pseudonymise",
                cells=9,
                changed=8,
                emptied=1,
                key="0a1b2c3d",
            )
        ]
    )
    assert finding.reason == "pseudonymise: 8 of 9 cells changed, 1 emptied since they could not be read, key 0a1b2c3d"
    assert finding.status is Status.PASS


def test_of_several_rules_the_one_that_was_done_is_named() -> None:
    traits = Traits(done="constant(value=x)")
    (finding,) = residue(seen("mail", "EMAIL_ADDRESS", How.PATTERN), treatment("mail", "EMAIL_ADDRESS"), mail=traits)
    assert finding.reason == "1.00 % of the rows still hold it after constant(value=x)"
    assert finding.remedy is not None
    assert finding.remedy.endswith("instead of constant")
