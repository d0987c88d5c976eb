"""Judgement of who can read a dataset in fact: nobody but whom the policy lists."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from datetime import date

from airflow_mlsecops.core.environment import NotObservable
from airflow_mlsecops.core.finding import Finding, Severity, Status
from airflow_mlsecops.core.gaps import weigh
from airflow_mlsecops.core.grant import Allowed, Grant, Kind, Readers
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.unseen import NotObserved

NOT_SEEN = "READERS_NOT_SEEN"
POSSIBLE = "READER_POSSIBLE"
GAPS = (NOT_SEEN, POSSIBLE)
"""Codes of findings that a policy may accept as unanswerable (``not_observable``)."""

MOST = 100
_ENDS = "what ends those of all who are not listed, and keeps the others as they are, in this order"
_WHAT = {
    Kind.APPLICATION: "an application",
    Kind.PERSON: "a person",
    Kind.SERVICE: "a service of the cloud",
    Kind.OUTSIDE: "somebody outside",
    Kind.ANYBODY: "anybody",
    Kind.UNTOLD: "somebody",
}


def judge_readers(
    found: Readers | NotObserved,
    allowed: Allowed,
    *,
    dataset: str,
    gaps: Sequence[NotObservable] = (),
    rule: str = "",
    today: date,
) -> tuple[Finding, ...]:
    """Find whoever can read a dataset and is not allowed to: FAIL where that is sure, UNKNOWN where it may be.

    :param dataset: what findings call it, and the command that tells all of it takes
    :param gaps: what the policy accepts as unanswerable
    :param rule: where the policy says who may
    """
    if not any(allowed.readers):
        findings: tuple[Finding, ...] = (_not_declared(dataset),)
    elif isinstance(found, NotObserved):
        findings = (_not_seen(dataset, f"who can read it was not observed: {found.why}"),)
    elif not found.grants:
        findings = (_not_seen(dataset, "nobody was found who can read it, not even this task: something was missed"),)
    else:
        findings = (*_judged(found, allowed, dataset), *(_not_seen(dataset, one) for one in found.hidden))
    return tuple(weigh(one.model_copy(update={"rule": rule or None}), gaps, today) for one in findings)


def not_asked(dataset: str, level: Level, demanded: Level, rule: str) -> Finding:
    """Say that nobody looked, for the policy does not ask it of such data."""
    return Finding(
        status=Status.NOT_APPLICABLE,
        code="READERS_NOT_ASKED",
        subject=dataset,
        reason=f"who else can read it was not asked: it holds {level} data, and the policy asks from {demanded} on",
        required=False,
        rule=rule,
    )


def by_principal(grants: Sequence[Grant]) -> dict[str, tuple[Grant, ...]]:
    """The ways of each principal, sure ones first, in the order of their names."""
    names = sorted({grant.principal for grant in grants})
    return {
        name: tuple(sorted((one for one in grants if one.principal == name), key=lambda one: not one.sure))
        for name in names
    }


def _judged(found: Readers, allowed: Allowed, dataset: str) -> Iterator[Finding]:
    everybody = by_principal(found.grants)
    strangers = {name: ways for name, ways in everybody.items() if not allowed.lets(name)}
    if not strangers:
        reason = f"{_count(len(everybody))} can read it, and the policy lists each"
        yield Finding(
            status=Status.PASS, code="READERS", subject=dataset, reason=reason, expected=_listed(allowed.readers),
            got=_listed(tuple(everybody)),
        )  # fmt: skip
        return
    # The worst are told one by one; where some are not, what tells of all must block by itself.
    told = sorted(strangers.items(), key=lambda item: not item[1][0].sure)[:MOST]
    yield _strangers(strangers, len(everybody), found.commands, allowed, dataset, all_told=len(told) == len(strangers))
    yield from (_stranger(name, ways) for name, ways in told)


def _strangers(
    strangers: dict[str, tuple[Grant, ...]],
    everybody: int,
    commands: tuple[str, ...],
    allowed: Allowed,
    dataset: str,
    *,
    all_told: bool,
) -> Finding:
    sure = any(ways[0].sure for ways in strangers.values())
    more = f"; {MOST} of them are told below" if not all_told else ""
    return Finding(
        status=Status.FAIL if sure else Status.UNKNOWN,
        code="READERS",
        subject=dataset,
        severity=Severity.CRITICAL,
        required=not all_told,
        reason=f"{_count(everybody)} can read it, or may; the policy does not list {len(strangers):,} of them{more}",
        expected=_listed(allowed.readers),
        remedy=f"{_told(dataset)} every way; {_ENDS if commands else 'none has a command that ends it'}",
        commands=commands,
    )


def _stranger(name: str, ways: tuple[Grant, ...]) -> Finding:
    first = ways[0]
    more = f"; and in {len(ways) - 1:,} other way{'' if len(ways) == 2 else 's'}" if len(ways) > 1 else ""
    since = f", since {first.since}" if first.since else ""
    undo = tuple(dict.fromkeys(way.undo for way in ways if way.undo))
    return Finding(
        status=Status.FAIL if first.sure else Status.UNKNOWN,
        code="READER_NOT_ALLOWED" if first.sure else POSSIBLE,
        subject=name,
        severity=Severity.CRITICAL,
        reason=f"{_WHAT[first.kind]} {'can' if first.sure else 'may'} read it: {', '.join(first.how)}{since}{more}",
        remedy="end its ways, or have it listed under readers: of the dataset in policy.yaml",
        commands=undo,
    )


def _not_declared(dataset: str) -> Finding:
    remedy = (
        f"{_told(dataset)} who can; list who may under readers: of the dataset, or of its environment, in policy.yaml"
    )
    return _unknown("READERS_NOT_DECLARED", dataset, "the policy does not say who may read it", remedy)


def _not_seen(dataset: str, reason: str) -> Finding:
    remedy = (
        "let whoever looks see it, or have the gap accepted under not_observable: of the environment, until a date, in "
        "policy.yaml"
    )
    return _unknown(NOT_SEEN, dataset, reason, remedy)


def _unknown(code: str, dataset: str, reason: str, remedy: str) -> Finding:
    return Finding(
        status=Status.UNKNOWN, code=code, subject=dataset, severity=Severity.CRITICAL, reason=reason, remedy=remedy
    )


def _told(dataset: str) -> str:
    return f"`airflow-mlsecops who-can-read {shlex.quote(dataset)}` tells"


def _count(principals: int) -> str:
    return "1 principal" if principals == 1 else f"{principals:,} principals"


def _listed(names: Sequence[str]) -> str:
    few = ", ".join(names[:10])
    return f"{few} and {len(names) - 10:,} more" if len(names) > 10 else few
