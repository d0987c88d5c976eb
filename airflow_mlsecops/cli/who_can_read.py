"""``airflow-mlsecops who-can-read``: everybody who can read a dataset, by which way, and what would end it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from airflow_mlsecops import __version__
from airflow_mlsecops.cli.deployment import deployment
from airflow_mlsecops.cli.exits import OF_OUTCOME, UsageError
from airflow_mlsecops.cli.reading import dataset_of
from airflow_mlsecops.cli.screen import Branch, Cell, Screen, say
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.grant import Allowed, Grant, Kind, Readers
from airflow_mlsecops.core.unseen import NotObserved
from airflow_mlsecops.core.verdict import Outcome

if TYPE_CHECKING:
    from airflow_mlsecops.core.dataset import Dataset
    from airflow_mlsecops.core.finding import Finding

SCHEMA = "airflow-mlsecops/who-can-read/1"
MOST_WAYS = 2  # of one principal, in the table: more of them say again that it reads
_BESIDES = 22  # characters of a table's line that are neither a name nor a way
_LIST_THEM = ": list them under readers: in policy.yaml, or suppose some by --reader GLOB"
_KINDS = {Kind.UNTOLD: "not known", Kind.OUTSIDE: "outsider"}
_DESCRIPTION = """\
Look at what decides who can read a dataset (grants of PostgreSQL, policies of AWS, modes of files) and tell everybody
who can, or may, by each way. The access gate asks the same; nothing is recorded here."""
_EPILOG = """
exit codes:
  0    the policy lists everybody who can read it
  1    somebody can whom it does not list
  2    somebody may, something could not be seen, or the policy lists nobody
"""


class Told(Frozen):
    """What the command found.

    :param dataset: its identity, its connection left out
    :param policy: digest of the policy that says who may
    :param reasons: what nobody could tell, and why
    """

    dataset: str
    environment: str
    policy: str
    allowed: Allowed
    found: Readers | NotObserved
    outcome: Outcome
    reasons: tuple[str, ...]


def add(commands: Any) -> None:
    """Add the command."""
    command = commands.add_parser(
        "who-can-read",
        help="tell everybody who can read a dataset, by which way, and what would end it",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("dataset", metavar="DATASET", help="as a gate takes it: sql://CONN_ID/schema.table, a path…")
    command.add_argument(
        "--reader", action="append", default=[], metavar="GLOB",
        help="suppose that the policy lists these, and no others; may be given several times",
    )  # fmt: skip
    shape = command.add_mutually_exclusive_group()
    shape.add_argument("--tree", action="store_true", help="draw each way, step by step")
    shape.add_argument("--json", action="store_true", help="print one JSON document")
    shape.add_argument(
        "--commands", action="store_true", help="print only what ends the ways of all who are not listed, to be run"
    )
    command.add_argument("--no-color", action="store_true", help="no colour, even on a terminal")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Look, judge, tell."""
    dataset = _dataset(arguments.dataset)
    if not all(arguments.reader):
        raise UsageError("--reader takes a name, in which * stands for any run of characters")
    told = _ask(dataset, tuple(arguments.reader))
    if arguments.json:
        print(json.dumps(_document(told), indent=2, ensure_ascii=True))
    elif arguments.commands:
        _print_commands(told)
    else:
        _print(Screen(color=not arguments.no_color), told, tree=arguments.tree)
    return OF_OUTCOME[told.outcome]


def _dataset(text: str) -> Dataset:
    dataset = dataset_of(text)
    if dataset.scheme in ("postgres", "postgresql", "sqlite"):
        raise UsageError("a table is asked through an Airflow connection: sql://CONN_ID/schema.table")
    return dataset


def _ask(dataset: Dataset, supposed: tuple[str, ...]) -> Told:
    with deployment():
        from airflow_mlsecops.core.gate import Gate
        from airflow_mlsecops.core.verdict import outcome_of
        from airflow_mlsecops.operators import readers
        from airflow_mlsecops.operators.attempt import Attempt

        attempt = Attempt({}, gate=Gate.ACCESS, dataset=dataset, partition="", log=None)
        allowed = readers.whom(attempt)
        allowed = allowed.model_copy(update={"readers": supposed}) if supposed else allowed
        found = readers.who_reads(attempt, allowed)
        findings = readers.judged(attempt, found, allowed)
        return Told(
            dataset=attempt.identity,
            environment=readers.environment_of(attempt),
            policy=attempt.policy.digest,
            allowed=allowed,
            found=found,
            outcome=outcome_of(findings),
            reasons=tuple(_reasons(findings, found)),
        )


def _reasons(findings: Sequence[Finding], found: Readers | NotObserved) -> Iterator[str]:
    said = [one for one in findings if one.code.startswith("READERS_")]
    yield from (f"{one.reason}{_LIST_THEM if one.code == 'READERS_NOT_DECLARED' else ''}" for one in said)
    # Where the policy lists nobody, no finding tells what nobody could see.
    unseen = found.hidden if isinstance(found, Readers) else (f"who can read it was not observed: {found.why}",)
    yield from (one for one in unseen if not any(finding.reason.startswith(one) for finding in said))


def _print(screen: Screen, told: Told, *, tree: bool) -> None:
    screen.verdict(told.outcome.name, f"  {told.dataset}   ({_summary(told)})")
    for reason in told.reasons:
        screen.line(f"  {reason}", style="yellow")
    if isinstance(told.found, NotObserved):
        return
    if idle := [] if told.outcome is Outcome.PASS else _idle(told.allowed, told.found):
        screen.line(f"  listed, but nobody who can read it is called so: {', '.join(idle)}", style="dim")
    screen.line()
    if tree or _narrow(screen, told.found):
        for principal, ways in _ways(told):
            screen.tree(f"{principal}  ({_about(told, principal, ways)})", _branches([_steps(way) for way in ways]))
    else:
        _print_table(screen, told)
    if told.found.commands:
        screen.line()
        screen.line("what ends the ways of all who are not listed, and keeps the others as they are, in this order:")
        for command in told.found.commands:
            screen.line(f"  {_to_run(command, told)}", limit=100_000)


def _print_commands(told: Told) -> None:
    """Commands alone, for a shell or psql; what else is to be said goes to stderr."""
    for reason in told.reasons:
        say(reason)
    if isinstance(told.found, NotObserved):
        return
    for command in told.found.commands:
        # A line feed in a name would begin another command.
        if command.isprintable():
            print(_to_run(command, told))
        else:
            say("a command holds characters that cannot be shown: see --json")


def _to_run(command: str, told: Told) -> str:
    return f"{command};" if told.dataset.startswith("postgres://") else command


def _summary(told: Told) -> str:
    if isinstance(told.found, NotObserved):
        return f"environment {told.environment}"
    names = {grant.principal for grant in told.found.grants}
    listed = sum(map(told.allowed.lets, names))
    return f"{len(names):,} can read it, or may; the policy lists {listed:,} of them; environment {told.environment}"


def _ways(told: Told) -> Iterator[tuple[str, tuple[Grant, ...]]]:
    """Principals with their ways, those first whom the policy does not list."""
    from airflow_mlsecops.core.judge_readers import by_principal

    grants = () if isinstance(told.found, NotObserved) else told.found.grants
    yield from sorted(by_principal(grants).items(), key=lambda item: told.allowed.lets(item[0]))


def _idle(allowed: Allowed, found: Readers) -> list[str]:
    """What is listed and lets nobody in: a name that was misspelt, perhaps, for capitals count."""
    names = {grant.principal for grant in found.grants}
    return [one for one in allowed.readers if not any(Allowed(readers=(one,)).lets(name) for name in names)]


def _narrow(screen: Screen, found: Readers) -> bool:
    """Whether names would leave less than half of a line to the ways."""
    return screen.width < 2 * (_BESIDES + max((len(grant.principal) for grant in found.grants), default=0))


def _print_table(screen: Screen, told: Told) -> None:
    screen.table(("who", "is", "listed", "how"), _rows(told))
    if any(len(ways) > MOST_WAYS for _, ways in _ways(told)):
        screen.line("--tree draws every way.", style="dim")


def _rows(told: Told) -> Iterator[Sequence[Cell]]:
    for principal, ways in _ways(told):
        listed = "yes" if told.allowed.lets(principal) else ("no", "bold red")
        first: tuple[Cell, ...] = (principal, _kind(ways), listed)
        told_ways = [" → ".join(_steps(way)) for way in ways[:MOST_WAYS]]
        more = [f"and {len(ways) - MOST_WAYS:,} more"] if len(ways) > MOST_WAYS else []
        for index, how in enumerate((*told_ways, *more)):
            yield (*(first if index == 0 else ("", "", "")), how)


def _steps(way: Grant) -> tuple[str, ...]:
    """A way in words: whether it only may be at the front, since when at the end."""
    *before, last = way.how
    steps = (*before, f"{last}, since {way.since}" if way.since else last)
    return steps if way.sure else (f"may: {steps[0]}", *steps[1:])


def _about(told: Told, principal: str, ways: tuple[Grant, ...]) -> str:
    return f"{_kind(ways)}, {'listed' if told.allowed.lets(principal) else 'not listed'}"


def _kind(ways: tuple[Grant, ...]) -> str:
    return _KINDS.get(ways[0].kind, ways[0].kind.value)


def _branches(chains: Sequence[tuple[str, ...]]) -> tuple[Branch, ...]:
    """Chains as a tree: what several begin with stands once."""
    heads = dict.fromkeys(chain[0] for chain in chains if chain)
    return tuple((head, _branches([chain[1:] for chain in chains if chain[:1] == (head,)])) for head in heads)


def _document(told: Told) -> dict[str, Any]:
    seen = told.found if isinstance(told.found, Readers) else None
    return {
        "schema": SCHEMA,
        "producer": f"airflow-mlsecops {__version__}",
        "dataset": told.dataset,
        "environment": told.environment,
        "policy": told.policy,
        "outcome": told.outcome.value,
        "reasons": list(told.reasons),
        "allowed": told.allowed.model_dump(mode="json"),
        "observed": seen is not None,
        "principals": [
            {
                "principal": principal,
                "listed": told.allowed.lets(principal),
                "sure": ways[0].sure,
                "kind": ways[0].kind.value,
                "ways": [way.model_dump(mode="json", exclude={"principal", "kind"}) for way in ways],
            }
            for principal, ways in _ways(told)
        ],
        "hidden": list(seen.hidden) if seen else [],
        "commands": list(seen.commands) if seen else [],
    }
