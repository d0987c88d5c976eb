"""Whether what a policy says in one place fits what it says in another, and what this version knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache

from airflow_mlsecops.core.allow import ANY, VALUE_ID, Allow
from airflow_mlsecops.core.dataset import ALIASES
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.judge_isolation import chosen
from airflow_mlsecops.core.judge_readers import GAPS
from airflow_mlsecops.core.person import among, same_person
from airflow_mlsecops.core.policy import DatasetRule, Policy, StageRule, Tier, Waiver
from airflow_mlsecops.policy import profile
from airflow_mlsecops.policy.dialect import fault
from airflow_mlsecops.policy.mistakes import nearest, quoted
from airflow_mlsecops.policy.shape import Step
from airflow_mlsecops.sanitize import transformation_of
from airflow_mlsecops.scan.pattern import linear

Doubt = tuple[tuple[Step, ...], str]

_NO_CONNECTION = "identities name no connection; write s3://bucket/… or postgres://host:port/db.schema.table"


def doubts(policy: Policy, entities: Mapping[str, Entity]) -> Iterator[Doubt]:
    """Every mistake as the path it stands at, and a sentence.

    :param entities: every entity that it may name
    """
    if not policy.stages:
        yield ("stages",), "stages is empty: without one no dataset may hold anything"
    if not policy.environments:
        yield ("environments",), "environments is empty: no gate could pass anywhere"
    for name in policy.levels:
        yield from _entity(("levels", name), name, entities)
    for name, stage in policy.stages.items():
        yield from _stage(("stages", name), stage, entities)
    for index, rule in enumerate(policy.datasets):
        yield from _rule(("datasets", index), rule, policy, entities)
        yield from _unreachable(index, policy.datasets)
    for name, tier in policy.tiers.items():
        yield from _tier(("tiers", name), tier)
    yield from _approval(policy)
    yield from _environments(policy)
    for index, allow in enumerate(policy.allow):
        yield from _allow(("allow", index), allow, entities)
    for index, waiver in enumerate(policy.waivers):
        yield from _waiver(("waivers", index), waiver, policy, entities)
        if any(other.id == waiver.id for other in policy.waivers[:index]):
            yield ("waivers", index, "id"), f"waiver id {quoted(waiver.id)} is taken by an earlier one"


def covers(earlier: str, later: str) -> bool:
    """True if every identity that ``later`` matches is matched by ``earlier`` too; false where that is not evident.

    ``later`` is taken as text in which a wildcard is a sign that only a wildcard at least as wide can match.
    """
    wide = _wide(earlier)
    return all(wide.fullmatch(sample) for sample in _samples(later))


def _stage(path: tuple[Step, ...], stage: StageRule, entities: Mapping[str, Entity]) -> Iterator[Doubt]:
    for field in ("may_hold", "never"):
        for selector in getattr(stage, field):
            yield from _selector((*path, field), selector, entities)
    for selector, rule in stage.sanitize.items():
        yield from _selector((*path, "sanitize", selector), selector, entities)
        try:
            transformation_of(rule)
        except ValueError as error:
            yield (*path, "sanitize", selector), str(error)
    if stage.l_diversity and not stage.k_anonymity:
        yield (*path, "l_diversity"), "l_diversity needs k_anonymity: among how many rows?"
    for selector in sorted(set(stage.may_hold) & set(stage.never)):
        yield (*path, "may_hold"), f"{quoted(selector)} stands under never as well, which wins: keep one"


def _rule(path: tuple[Step, ...], rule: DatasetRule, policy: Policy, entities: Mapping[str, Entity]) -> Iterator[Doubt]:
    yield from _glob((*path, "match"), rule.match)
    yield from _named((*path, "stage"), "stage", rule.stage, policy.stages)
    # A policy without tiers gives every dataset the most care; only a name that was written can be wrong.
    if "tier" in rule.model_fields_set:
        yield from _named((*path, "tier"), "tier", rule.tier, policy.tiers)
    if rule.environment:
        yield from _named((*path, "environment"), "environment", rule.environment, policy.environments)
    yield from _blank((*path, "readers"), rule.readers)
    for column, names in rule.known.items():
        for name in names:
            yield from _entity((*path, "known", column), name, entities)
    for name, share in rule.tolerate.items():
        yield from _entity((*path, "tolerate", name), name, entities)
        if not 0 <= share <= 1:
            yield (*path, "tolerate", name), f"tolerates a share of {share:g} of the rows: expected 0 to 1"


def _blank(path: tuple[Step, ...], names: Iterable[str]) -> Iterator[Doubt]:
    for index, name in enumerate(names):
        if not name.strip():
            yield (*path, index), "is empty, which names nobody: take the line out"


def _unreachable(index: int, rules: tuple[DatasetRule, ...]) -> Iterator[Doubt]:
    for before, earlier in enumerate(rules[:index]):
        if covers(earlier.match, rules[index].match):
            yield (
                ("datasets", index, "match"),
                f"never counts: rule {before + 1} ({quoted(earlier.match)}) matches all of it first; "
                "put the narrower rule above",
            )
            return


def _environments(policy: Policy) -> Iterator[Doubt]:
    known = checks()
    for name, environment in policy.environments.items():
        yield from profile.doubts(("environments", name), environment)
        yield from _blank(("environments", name, "readers"), environment.readers)
        yield from _blank(("environments", name, "people"), environment.people)
        for check in chosen(environment.requires, known)[1]:
            yield from _named(("environments", name, "requires"), "check", check, known)
        for index, gap in enumerate(environment.not_observable):
            path = ("environments", name, "not_observable", index, "check")
            yield from _named(path, "check", gap.check, (*known, *GAPS))


def _waiver(path: tuple[Step, ...], waiver: Waiver, policy: Policy, entities: Mapping[str, Entity]) -> Iterator[Doubt]:
    yield from _glob((*path, "dataset"), waiver.dataset)
    if waiver.entity is not None:
        yield from _entity((*path, "entity"), waiver.entity, entities)
    if same_person(waiver.requested_by, waiver.approved_by):
        yield (*path, "approved_by"), f"waiver {quoted(waiver.id)} is approved by who asked for it: somebody else must"
    if waiver.approved_by not in policy.approvers:
        yield (*path, "approved_by"), f"waiver {quoted(waiver.id)} is approved by somebody who is not among approvers"


def _tier(path: tuple[Step, ...], tier: Tier) -> Iterator[Doubt]:
    if tier.full_scan_up_to is not None and tier.max_undetected is None:
        yield (*path, "full_scan_up_to"), "full_scan_up_to needs max_undetected: how large must a sample be?"
    for field in ("max_undetected", "confidence"):
        if field in tier.model_fields_set and tier.full_scan_up_to is None:
            yield (*path, field), f"{field} needs full_scan_up_to: without it every row is read"


def _approval(policy: Policy) -> Iterator[Doubt]:
    yield from _blank(("approvers",), policy.approvers)
    if not policy.approvers and not any(rule.approvers for rule in policy.datasets):
        for field in ("approval_days", "approval_hours"):
            if field in policy.model_fields_set:
                yield (field,), f"{field} needs approvers: with nobody named nobody is asked, and gates fail"
    for index, rule in enumerate(policy.datasets):
        approvers = rule.approvers or policy.approvers
        yield from _blank(("datasets", index, "approvers"), rule.approvers)
        if rule.authors and approvers and all(among(name, rule.authors) for name in approvers):
            path = ("datasets", index, "approvers" if rule.approvers else "authors")
            yield path, "every approver is an author too: of a scheduled run nobody could approve anything"


def _allow(path: tuple[Step, ...], allow: Allow, entities: Mapping[str, Entity]) -> Iterator[Doubt]:
    yield from _glob((*path, "dataset"), allow.dataset)
    if allow.entity != ANY:
        yield from _entity((*path, "entity"), allow.entity, entities)
    elif allow.values:
        yield (*path, "values"), f"values are keyed for one entity: name it instead of {quoted(ANY)}"
    for index, value in enumerate(allow.values):
        if not re.fullmatch(VALUE_ID, value):
            # It may be the value itself, which must not be shown.
            yield (
                (*path, "values", index),
                f"value {index + 1} is not keyed: never write one down plainly; print it with "
                "`airflow-mlsecops policy allow-value`",
            )
    if allow.pattern and (wrong := fault(allow.pattern)):
        yield (*path, "pattern"), f"pattern {wrong}"
    elif allow.pattern and linear(allow.pattern).fullmatch(_NOBODY_MEANT):
        yield (*path, "pattern"), "pattern matches anything: say what is harmless, or allow a whole column"
    if not allow.column.strip("*") and (allow.whole or not allow.column):
        yield path, "allows all of an entity everywhere: name values, a pattern or a column; or change its level"


# Letters, signs, space and scripts that no list of harmless values has together.
_NOBODY_MEANT = "q7 ~Ω;|x\u00e9\t#0z"


def _glob(path: tuple[Step, ...], pattern: str) -> Iterator[Doubt]:
    """Identities carry no connection and no bare path, so a glob that does can never match."""
    if not pattern:
        yield path, "is empty, hence matches nothing"
    elif pattern.startswith("/"):
        yield path, f"{quoted(pattern)} matches nothing: write file:/// before it, or begin with **/"
    elif not pattern.startswith("*") and ":" not in pattern:
        yield path, f"{quoted(pattern)} matches nothing: begin with **/, or with the store it is in (file:///, s3://)"
    elif pattern.startswith("sql://") or re.match(r"[a-z0-9+.-]+://[^/]*@", pattern):
        yield path, f"{quoted(pattern)} matches nothing: {_NO_CONNECTION}"
    elif plain := ALIASES.get(pattern.partition("://")[0]):
        yield path, f"{quoted(pattern)} matches nothing: identities call that store {plain}://"
    elif re.fullmatch(r"sqlite://.*/(?!.*\*\*)[^/]*[A-Z][^/]*", pattern):
        yield path, f"{quoted(pattern)} matches nothing: identities spell SQLite's tables in lower case"
    elif pattern != pattern.strip():
        yield path, f"{quoted(pattern)} matches nothing: it begins or ends with a space or a line's end"
    elif pattern.endswith("/"):
        yield path, f"{quoted(pattern)} matches nothing: end it with /** for a folder and all that is in it"
    elif sign := re.search(r"[?{}]|\[.*\]", pattern):
        yield path, f"{quoted(pattern)}: {quoted(sign[0])} is no wildcard, only * and ** are; write a rule for each"


def _selector(path: tuple[Step, ...], selector: str, entities: Mapping[str, Entity]) -> Iterator[Doubt]:
    kind, separator, word = selector.partition(":")
    if not separator:
        yield from _entity(path, selector, entities)
    elif kind == "role":
        yield from _named(path, "role", word, (role.value for role in Role))
    elif kind == "tag":
        yield from _named(path, "tag", word, {tag for entity in entities.values() for tag in entity.tags})
    else:
        yield path, f"{quoted(selector)} is no selector: write an entity's name, role:… or tag:…"


def _entity(path: tuple[Step, ...], name: str, entities: Mapping[str, Entity]) -> Iterator[Doubt]:
    yield from _named(path, "entity", name, entities)


def _named(path: tuple[Step, ...], kind: str, name: str, known: Iterable[str]) -> Iterator[Doubt]:
    known = set(known)
    if name not in known:
        yield path, f"{kind} {quoted(name)} is not known{nearest(name, known)}"


@cache
def checks() -> frozenset[str]:
    """Ids of every check of this version."""
    from airflow_mlsecops.checks import all_checks

    return frozenset(all_checks())


@lru_cache(maxsize=4096)
def _samples(pattern: str) -> tuple[str, ...]:
    text = pattern.replace("**", "\2").replace("*", "\1")
    return (text, text.removesuffix("/\2")) if pattern.endswith("/**") else (text,)


@lru_cache(maxsize=4096)
def _wide(pattern: str) -> re.Pattern[str]:
    folder = pattern.endswith("/**")
    pieces = (pattern.removesuffix("/**") if folder else pattern).split("**")
    inside = [r"[^/\2]*".join(re.escape(text) for text in piece.split("*")) for piece in pieces]
    return re.compile(".*".join(inside) + ("(?:/.*)?" if folder else ""), re.DOTALL)
