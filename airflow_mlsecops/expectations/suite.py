"""The suite that follows from what a policy says of a dataset."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from great_expectations.core import ExpectationSuite  # noqa: TID253 - whoever imports this uses it

from airflow_mlsecops.core.baseline import Baseline
from airflow_mlsecops.core.entity import Entity
from airflow_mlsecops.core.errors import PolicyError
from airflow_mlsecops.core.policy import DatasetRule, Policy, StageRule
from airflow_mlsecops.expectations._base import ValueFreeExpectation
from airflow_mlsecops.expectations.free import ExpectTableToBeFreeOfSensitiveData
from airflow_mlsecops.expectations.k_anonymity import ExpectKAnonymityToBeAtLeast
from airflow_mlsecops.expectations.pseudonymised import ExpectColumnValuesToBePseudonymised
from airflow_mlsecops.expectations.sensitivity import ExpectNoNewSensitiveColumns

_NOTHING_KNOWN = Baseline()


def suite_for(
    name: str,
    policy: Policy,
    identity: str,
    entities: Mapping[str, Entity],
    *,
    baseline: Baseline = _NOTHING_KNOWN,
    quasi: Sequence[str] = (),
    sensitive: str | None = None,
    pseudonymised: Sequence[str] = (),
) -> ExpectationSuite:
    """What a policy asks of a dataset, as expectations: its stage's forbidden entities, what is new, k-anonymity.

    Build and run it inside :func:`looking_for` with the policy's detectors, allowances and levels, so that it finds
    what a gate finds. Waivers are the gate's: what they cover fails here.

    :param name: of the suite
    :param identity: of the dataset, as the policy's globs see it
    :param entities: every entity that is looked for
    :param baseline: what is known of the dataset; empty: nothing is new
    :param quasi: columns that may identify a person together
    :param sensitive: a column whose values their combinations should not give away
    :param pseudonymised: columns that are to hold pseudonyms
    :raises PolicyError: ``QUASI_IDENTIFIERS_UNNAMED`` if the stage asks for k-anonymity and nobody said among which
        columns
    """
    rule, _ = policy.rule_for(identity)
    stage = policy.stage(rule.stage)
    asked = [
        *_free(policy, rule, entities),
        *_known(policy, rule, baseline),
        *(ExpectColumnValuesToBePseudonymised(column=column) for column in pseudonymised),
        *_hidden(stage, rule.stage, quasi, sensitive),
    ]
    return ExpectationSuite(name=name, expectations=asked)


def _free(policy: Policy, rule: DatasetRule, entities: Mapping[str, Entity]) -> Iterator[ValueFreeExpectation]:
    forbidden = {entity.name for entity in entities.values() if not policy.allows(rule.stage, entity)}
    tolerated = forbidden & rule.tolerate.keys()
    if forbidden - tolerated:
        every = len(forbidden - tolerated) == len(entities)
        yield ExpectTableToBeFreeOfSensitiveData(entities=None if every else sorted(forbidden - tolerated))
    for entity in sorted(tolerated):
        # Exactly: 1 - 0.1 is no tenth less than one in powers of two.
        mostly = float(1 - Decimal(str(rule.tolerate[entity])))
        yield ExpectTableToBeFreeOfSensitiveData(entities=[entity], mostly=mostly)


def _known(policy: Policy, rule: DatasetRule, baseline: Baseline) -> Iterator[ValueFreeExpectation]:
    if baseline.records or baseline.pairs:
        known: dict[str, list[str]] = {}
        for column, entity in sorted(baseline.pairs):
            known.setdefault(column, []).append(entity)
        level = policy.tier(rule.tier).new_blocks_from
        yield ExpectNoNewSensitiveColumns(baseline=known, from_level=level.value)


def _hidden(stage: StageRule, name: str, quasi: Sequence[str], sensitive: str | None) -> Iterator[ValueFreeExpectation]:
    if stage.k_anonymity is None:
        return
    if not quasi:
        raise PolicyError(
            f"stage {name} asks that each combination of quasi-identifiers be that of {stage.k_anonymity} rows: name "
            "the columns that may identify a person together",
            code="QUASI_IDENTIFIERS_UNNAMED",
        )
    diverse = stage.l_diversity if sensitive else None
    yield ExpectKAnonymityToBeAtLeast(
        columns=list(quasi), k=stage.k_anonymity, sensitive=sensitive if diverse else None, l=diverse
    )
