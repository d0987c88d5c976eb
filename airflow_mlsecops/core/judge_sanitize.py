"""Judgement of sanitizing: what has to be done before data may go where it goes, and whether it was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from airflow_mlsecops.core.classification import Classification, How, Sighting
from airflow_mlsecops.core.entity import Entity
from airflow_mlsecops.core.finding import Finding, Severity, Status
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.policy import STRICTEST, Policy, sanitizing_rule, selects
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.treatment import REDACT, Rule, Treated, Treatment
from airflow_mlsecops.core.verdict import Outcome
from airflow_mlsecops.core.words import share

REPLACED = "ENTITY_REPLACED"
COLUMN = "column:"
"""Begins the selector of an operator's rule that speaks of a column: ``column:notes``."""
_PROVEN = (How.VALIDATED, How.PATTERN)
# What a task may do to a column that the policy treats already: anything else might leave more than the policy does.
_NOTHING_STAYS = frozenset({"drop", "null", "constant"})
# A sentence is worth keeping without what is dropped elsewhere; what is made up or coarser could not be told there from
# what was missed. All of these are redacted.
_INSIDE_SENTENCES = frozenset({REDACT, "pseudonymise", "mask"})


class Plan(Frozen):
    """What is to be done, and why it must not be begun.

    :param treatments: in column order
    :param findings: what forbids to begin; none of it passes
    """

    treatments: tuple[Treatment, ...] = ()
    findings: tuple[Finding, ...] = ()


class Traits(Frozen):
    """What is known of what was done to a column.

    :param done: the rule that was: of several for one column the strongest
    :param recognisable: what comes out may still be taken for the same kind of data, and a policy says so: whether
        that is coarse enough is nothing that the author of a DAG decides
    :param shaped: it was checked that every cell that came out looks as it must
    """

    done: str = ""
    recognisable: bool = False
    shaped: bool = False


def plan(
    found: Classification,
    *,
    identity: str,
    policy: Policy,
    entities: Mapping[str, Entity],
    added: Mapping[str, Rule],
    in_sentences: Iterable[str] = (),
    keeps: Callable[[Rule], bool] = lambda _: True,
) -> Plan:
    """Find a treatment for everything that may not stay.

    :param found: what the source holds
    :param identity: of the target: its stage says what may stay, and how the rest is made harmless
    :param added: the operator's own rules, by selector or ``column:NAME``: they count where the policy has none for an
        entity, and beside it for a column
    :param in_sentences: entities that sentences name so rarely that the scan may not speak of them; where something
        else is treated in sentences, so are these
    :param keeps: whether something of a value stays after a rule
    """
    by_rule: dict[tuple[str, str, bool, bool], tuple[Rule, set[str]]] = {}
    findings = []
    stage = policy.rule_for(identity)[0].stage
    for sighting in (*found.sightings, *_unspoken(found, in_sentences)):
        entity = entities.get(sighting.entity)
        rule, by_task = _rule(sighting, entity, policy, identity, added)
        forbidden = entity is None or not policy.allows(stage, entity)
        if rule is not None and not (by_task and forbidden and keeps(rule)):
            within = _within(found, sighting)
            done = _fit(rule, sighting, within=within)
            by_rule.setdefault((sighting.column, str(done), within, by_task), (done, set()))[1].add(sighting.entity)
        elif forbidden:
            findings.append(_without_rule(sighting, entity, found, identity, policy, rule))
    treated = {column for column, _, _, by_task in by_rule if not by_task}
    for column, rule in _of_columns(found, added):
        if column in treated and rule.transformation not in _NOTHING_STAYS:
            findings.append(_weaker(column, rule))
        by_rule.setdefault((column, str(rule), False, True), (rule, set()))
    treatments = (
        Treatment(column=column, entities=tuple(sorted(names)), rule=rule, within=within, by_task=by_task)
        for (column, _, within, by_task), (rule, names) in sorted(by_rule.items(), key=lambda item: item[0])
    )
    return Plan(treatments=tuple(treatments), findings=(*findings, *_strangers(found, added, entities)))


def judge_residue(
    findings: Iterable[Finding],
    left: Classification,
    treatments: Iterable[Treatment],
    misshapen: Mapping[str, int],
    traits: Mapping[str, Traits],
) -> tuple[Finding, ...]:
    """Judge what was written by a scan of all of it: what was removed must not be there any more.

    :param findings: on what the scan found, by the rules of the target's stage
    :param left: what the scan found
    :param misshapen: rows whose cells do not look like what was to come out, by column
    :param traits: of what was done, by column
    """
    removed = _removed(treatments)
    seen = {(sighting.column, sighting.entity): sighting for sighting in left.sightings}
    judged = []
    for finding in findings:
        key = (finding.subject, finding.entity or "")
        treatment = removed.get(key)
        judged.append(finding if treatment is None else _left_over(finding, seen.get(key), treatment, traits))
    return (*judged, *(_misshapen(column, rows, left) for column, rows in sorted(misshapen.items()) if rows))


def told(treated: Iterable[Treated]) -> tuple[Finding, ...]:
    """What changed in each column, as answers that passed; whether it was enough is judged apart."""
    return tuple(_told(one) for one in treated if one.changed or one.emptied)


def replaced(
    findings: Iterable[Finding], proof: Record | None, *, fingerprint: str, policy: str
) -> tuple[Finding, ...]:
    """The findings, without what a sanitizing gate has proven, of this very data, to be coarser or made up.

    :param proof: the newest record of a sanitizing gate of the dataset
    :param fingerprint: root of what was looked at; ``policy``: digest of the policy in force
    """
    known = proven_pairs(proof, fingerprint=fingerprint, policy=policy)
    task = proof.run.task_id if proof else ""
    return tuple(_as_proven(one, task) if (one.subject, one.entity) in known else one for one in findings)


def proven_pairs(proof: Record | None, *, fingerprint: str, policy: str) -> frozenset[tuple[str, str | None]]:
    """Columns with the classes of which a sanitizing gate has proven that they are coarser or made up.

    :param proof: the newest record of a sanitizing gate of the dataset; it speaks of the very data it looked at alone
    """
    verdict = proof.verdict if proof else None
    counts = verdict and verdict.gate is Gate.SANITIZE and verdict.outcome is Outcome.PASS and verdict.enforced
    if not counts or verdict is None or not fingerprint or verdict.policy != policy:
        return frozenset()
    same = verdict.fingerprint == fingerprint
    return frozenset((one.subject, one.entity) for one in verdict.findings if same and one.code == REPLACED)


def _as_proven(finding: Finding, task: str) -> Finding:
    if finding.status is not Status.FAIL:
        return finding
    reason = f"what is left is coarser or made up: {task} has proven it of this very data"
    return finding.model_copy(update={"status": Status.PASS, "code": REPLACED, "reason": reason, "remedy": None})


def _told(one: Treated) -> Finding:
    emptied = f", {one.emptied:,} emptied since they could not be read" if one.emptied else ""
    key = f", key {one.key}" if one.key else ""
    return Finding(
        status=Status.PASS,
        code="SANITIZED",
        subject=one.column,
        reason=f"{one.transformation}: {one.changed:,} of {one.cells:,} cells changed{emptied}{key}",
        severity=Severity.LOW,
    )


def _rule(
    sighting: Sighting, entity: Entity | None, policy: Policy, identity: str, added: Mapping[str, Rule]
) -> tuple[Rule | None, bool]:
    """The rule for what was found, and whether it is the task's own."""
    if entity is None:
        return None, False
    stage = policy.rule_for(identity)[0].stage
    if said := sanitizing_rule(policy.stage(stage).sanitize, entity):
        return said[1], False
    if sighting.rows == 0:
        # Nobody is sure of it: not worth a rule, and not to be left where it may not be.
        return (None if policy.allows(stage, entity) else Rule(transformation=REDACT)), False
    own = sanitizing_rule(added, entity)
    return own[1] if own else added.get(COLUMN + sighting.column), True


def _unspoken(found: Classification, entities: Iterable[str]) -> list[Sighting]:
    """What may stand in sentences that hold something else, although too few name it to be sure."""
    seen = {(sighting.column, sighting.entity) for sighting in found.sightings}
    columns = {column for column, _ in seen if (known := found.column(column)) is not None and known.prose}
    return [
        Sighting(column=column, entity=entity, rows=0, how=How.VALUES, estimated=True)
        for column in sorted(columns)
        for entity in sorted(entities)
        if (column, entity) not in seen
    ]


def _within(found: Classification, sighting: Sighting) -> bool:
    """True if it stands inside sentences, which are worth keeping."""
    column = found.column(sighting.column)
    return column is not None and column.prose


def _fit(rule: Rule, sighting: Sighting, *, within: bool) -> Rule:
    """The rule as it can be done here: not everything has a place inside a cell, or makes sense inside a sentence."""
    if within and rule.transformation not in _INSIDE_SENTENCES:
        return Rule(transformation=REDACT)
    if rule.transformation == REDACT and not within and sighting.how not in _PROVEN:
        return Rule(transformation="constant", parameters={"value": f"<{sighting.entity}>"})
    return rule


def _of_columns(found: Classification, added: Mapping[str, Rule]) -> list[tuple[str, Rule]]:
    names = {column.name for column in found.columns}
    return [
        (selector.removeprefix(COLUMN), rule)
        for selector, rule in added.items()
        if selector.startswith(COLUMN) and selector.removeprefix(COLUMN) in names
    ]


def _strangers(found: Classification, added: Mapping[str, Rule], entities: Mapping[str, Entity]) -> Iterator[Finding]:
    names = {column.name for column in found.columns}
    for selector in added:
        column = selector.removeprefix(COLUMN) if selector.startswith(COLUMN) else None
        if column is not None and column not in names:
            yield _of_the_task(
                "NO_SUCH_COLUMN", column, "a rule of the task speaks of a column that is not there", _SPELL
            )
        elif column is None and not any(selects(selector, entity) for entity in entities.values()):
            reason = "a rule of the task speaks of a kind of data that nothing recognises"
            yield _of_the_task("NO_SUCH_ENTITY", selector, reason, "`airflow-mlsecops detectors` lists them")


_SPELL = "spell it as the source does, or take the rule out of rules="


def _weaker(column: str, rule: Rule) -> Finding:
    reason = f"the policy treats this column already, and {rule} of the task might leave more of it"
    return _of_the_task("RULE_KEEPS", column, reason, f"drop it, `{COLUMN}{column}: drop`, or leave it to the policy")


def _of_the_task(code: str, subject: str, reason: str, remedy: str) -> Finding:
    return Finding(status=Status.FAIL, code=code, subject=subject, severity=Severity.HIGH, reason=reason, remedy=remedy)


def _without_rule(
    sighting: Sighting,
    entity: Entity | None,
    found: Classification,
    identity: str,
    policy: Policy,
    own: Rule | None,
) -> Finding:
    """Why nothing may be written: no rule at all, or one of the task's ``own`` that keeps something of the value."""
    rule, place = policy.rule_for(identity)
    column = found.column(sighting.column)
    declared = rule is not STRICTEST
    where = f"stages.{rule.stage}" if declared else "datasets"
    remedy = f"add a line such as `{sighting.entity}: drop` under {where}.sanitize in policy.yaml, or to rules="
    return Finding(
        status=Status.FAIL,
        code="NO_RULE" if own is None else "RULE_KEEPS",
        subject=sighting.column,
        severity=Severity.CRITICAL,
        entity=sighting.entity,
        level=policy.level_of(entity) if entity else None,
        rows=sighting.rows,
        of=column.rows if column else found.rows_scanned,
        how=sighting.how.value,
        reason=_why_not(rule.stage, own, declared=declared),
        remedy=remedy if declared else "declare the target under datasets: in policy.yaml",
        rule=policy.where(f"stages.{rule.stage}") if declared else place,
    )


def _why_not(stage: str, own: Rule | None, *, declared: bool) -> str:
    if own is not None:
        return f"{own} of the task keeps something of it: how much may stay, the policy alone says; nothing was written"
    if declared:
        return f"stage {stage} may not hold it, and no rule says how it is made harmless; nothing was written"
    return "no line of the policy declares the target, so nothing may stay in it; nothing was written"


def _removed(treatments: Iterable[Treatment]) -> dict[tuple[str, str], Treatment]:
    removed: defaultdict[tuple[str, str], list[Treatment]] = defaultdict(list)
    for treatment in treatments:
        for entity in treatment.entities:
            removed[treatment.column, entity].append(treatment)
    return {key: several[0] for key, several in removed.items()}


def _left_over(
    finding: Finding, sighting: Sighting | None, treatment: Treatment, traits: Mapping[str, Traits]
) -> Finding:
    if treatment.by_task and finding.status is Status.PASS:
        return finding  # the stage may hold it, and the task made less of it
    trait = traits.get(treatment.column, Traits())
    done = trait.done or str(treatment.rule)
    # A column that is still called ssn is taken for one by its name; what stands in it was looked at cell by cell.
    by_name = sighting is not None and sighting.how not in _PROVEN
    if trait.recognisable or (trait.shaped and by_name and not treatment.within):
        reason = f"what is left after {done} is coarser, made up, or called so by the column's name alone"
        return finding.model_copy(update={"status": Status.PASS, "code": REPLACED, "reason": reason, "remedy": None})
    prevalence = share(finding.share or 0.0)
    return finding.model_copy(
        update={
            "status": Status.FAIL,
            "code": "RESIDUE",
            "severity": Severity.CRITICAL,
            "reason": f"{prevalence} of the rows still hold it after {done}",
            "remedy": f"use a rule that leaves nothing of it, such as `{finding.entity}: pseudonymise`, instead of "
            f"{done.partition('(')[0]}",
        }
    )


def _misshapen(column: str, rows: int, left: Classification) -> Finding:
    return Finding(
        status=Status.FAIL,
        code="RESIDUE",
        subject=column,
        severity=Severity.CRITICAL,
        rows=rows,
        of=left.rows_scanned,
        reason=f"{rows:,} cells do not look like what should have come out",
        remedy="let the task run again; if it stays, the target changed what was written to it",
    )
