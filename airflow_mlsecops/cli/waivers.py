"""``airflow-mlsecops waivers``: what is accepted, until when, by whom and why; what waits, ends or has ended."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from airflow_mlsecops import __version__
from airflow_mlsecops.cli.deployment import deployment
from airflow_mlsecops.cli.exits import Exit
from airflow_mlsecops.cli.ledger import opened
from airflow_mlsecops.cli.screen import Cell, Screen
from airflow_mlsecops.core.standing_waiver import StandingWaiver, State
from airflow_mlsecops.core.words import share

if TYPE_CHECKING:
    from airflow_mlsecops.ledger.waivers import StandingWaivers

SCHEMA = "airflow-mlsecops/waivers/1"
_HEADS = ("state", "finding", "dataset", "why", "who", "until", "share", "used in")
_QUIET = (State.ENDED, State.DENIED, State.TIMED_OUT)
_STOPS = (State.STILL_FOUND, State.VOID)
_STYLES = {
    State.PENDING: "bold",
    State.STILL_FOUND: "bold red",
    State.VOID: "bold red",
    State.ENDING: "yellow",
    State.ACTIVE: "green",
}
_DESCRIPTION = """\
List waivers, of the policy and granted in Airflow, as the page Waivers does, but for all Dags: what waits for an answer
first, then what ended and is still found, what ends within 14 days, and the rest."""
_EPILOG = """
exit codes:
  0    every waiver that is needed holds
  1    some ended although the finding is still there, or hold no longer under today's policy: they stop runs
  2    the ledger or the policy could not be read, or not all of it was
"""


def add(commands: Any) -> None:
    """Add the command."""
    command = commands.add_parser(
        "waivers",
        help="list what is accepted until when, what waits for an answer, and what has ended",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument(
        "--state", action="append", choices=[state.value for state in State], default=[],
        help="only these; may be given several times",
    )  # fmt: skip
    command.add_argument("--json", action="store_true", help="print one JSON document, with what has ended long ago")
    command.add_argument("--no-color", action="store_true", help="no colour, even on a terminal")
    command.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """List them; 1 if what one covered stops runs again, whichever are shown."""
    found = _ask()
    chosen = {State(value) for value in arguments.state}
    shown = tuple(one for one in found.waivers if not chosen or one.state in chosen)
    if arguments.json:
        print(json.dumps(_document(found, shown), indent=2, ensure_ascii=True))
    else:
        _print(Screen(color=not arguments.no_color), found, shown, chosen)
    if any(one.state in _STOPS for one in found.waivers):
        return Exit.FAIL
    return Exit.PASS if found.whole else Exit.UNKNOWN


def _ask() -> StandingWaivers:
    from airflow_mlsecops.core.waivers import holding
    from airflow_mlsecops.ledger.waivers import standing_waivers

    with deployment() as hook:
        folder = hook.policy
    with opened() as ledger:
        return standing_waivers(
            ledger,
            folder.policy,
            dags=None,
            now=datetime.now(UTC),
            holds=holding(folder.policy, folder.entities),
        )


def _print(screen: Screen, found: StandingWaivers, shown: Sequence[StandingWaiver], chosen: set[State]) -> None:
    counts = Counter(one.state for one in found.waivers)
    said = ", ".join(f"{counts[state]:,} {_word(state)}" for state in State if counts[state])
    screen.line(f"waivers: {said or 'none'}")
    if not found.whole:
        screen.line(
            "not all of them: the newest records are not counted yet (airflow-mlsecops ledger index), or there are "
            "more than this command reads",
            style="yellow",
        )
    if rows := [one for one in shown if chosen or one.state not in _QUIET]:
        screen.line()
        screen.table(_HEADS, map(_row, rows), numbers=("used in",))
    for sentence in _stopped(rows):
        screen.line(sentence, style="yellow")


def _row(one: StandingWaiver) -> tuple[Cell, ...]:
    who = " ".join(filter(None, (one.approved_by, "decides" if one.state is State.PENDING else "")))
    asked = f"{one.requested_by} asked" if one.requested_by else ""
    return (
        (_word(one.state), _STYLES.get(one.state, "")),
        f"{one.subject} {one.entity or one.code}{f' and {one.more:,} more' if one.more else ''}",
        f"{one.dataset} {one.environment}".rstrip(),
        one.reason,
        "; ".join(filter(None, (who, asked, one.rule or one.record[:12]))),
        str(one.until or ""),
        _share(one),
        f"{one.runs:,}",
    )


def _share(one: StandingWaiver) -> str:
    now = share(one.share) if one.share is not None else ""
    most = f"up to {share(one.max_share)}" if one.max_share is not None else ""
    return ", ".join(filter(None, (now, most)))


def _stopped(shown: Sequence[StandingWaiver]) -> Iterator[str]:
    for one in shown:
        if one.state is State.ENDING and one.dags:
            yield f"from {one.stops_from} {', '.join(one.dags)} will be stopped: {one.subject} in {one.dataset}"


def _word(state: State) -> str:
    return {State.STILL_FOUND: "ended, still found", State.VOID: "hold no longer"}.get(
        state, state.value.replace("-", " ")
    )


def _document(found: StandingWaivers, shown: Sequence[StandingWaiver]) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "producer": f"airflow-mlsecops {__version__}",
        "whole": found.whole,
        "waivers": [one.model_dump(mode="json") for one in shown],
    }
