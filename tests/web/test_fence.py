"""No page, filter, count, search, plot or download shows anything of a Dag that its reader may not read.

Every route is walked, so that new ones join by themselves: its parameters are filled with what the near side is called,
then each in turn with what the far side is called. A reader of the near side is told, byte for byte, what they would be
told had the far side never said a word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from airflow_mlsecops.ledger import Ledger, open_ledger
from tests import memory
from tests.web import estate, fence
from tests.web.estate import FAR, NEAR, TOKEN, Side, shared

PREFIX = "/mlsecops"
# Every parameter that a page reads from its address, with what else than a name it may be filled with.
PLAIN = {
    **dict.fromkeys(("q", "state", "verdict", "level", "class", "dag", "env", "page"), ""),
    **dict.fromkeys(
        ("name", "dataset", "column", "task_id", "dag_id", "owner", "waiver", "partition", "scan", "state"), ""
    ),
    **{"from": "2026-11-01", "to": "2026-12-31", "map_index": "-1", "verdict": "fail", "level": "restricted"},
}
# What they say is the same for everybody.
SAME_FOR_ALL = {"/static/{name}", "/{anything:path}"}


Ask = Callable[[str, str, str, Any], tuple[int, bytes]]


@pytest.fixture(scope="module")
def ledgers() -> Iterator[estate.Ledgers]:
    with memory.held("fence-") as folder:
        yield estate.ledgers_in(folder)


@pytest.fixture(scope="module")
def mixed() -> Iterator[tuple[str, Any]]:
    with memory.held("mixed-") as folder:
        yield estate.mixed_in(folder)


@pytest.fixture(autouse=True)
def fenced(known_dags: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow_mlsecops.web import depends

    known_dags(*NEAR.dags, *FAR.dags)
    monkeypatch.setattr(fence, "ALSO_FENCED", frozenset(FAR.dags))
    monkeypatch.setattr(depends, "now", lambda: datetime(2026, 11, 23, 9, tzinfo=UTC))
    monkeypatch.setattr(depends, "titles", estate.titles)
    monkeypatch.setattr(depends, "owner_and_end", lambda: (estate.owner, date(2026, 12, 14)))
    monkeypatch.setattr(depends, "policy_and_approvals", lambda: (estate.policy(), estate.granted))


@pytest.fixture(scope="module")
def opened() -> Iterator[Callable[[str, Any], Ledger]]:
    """A ledger, opened once and waited for: what a page says is compared, not how it comes by it, nor when."""
    with ExitStack() as stack:
        held: dict[str, Ledger] = {}

        def once(url: str, keyring: Any) -> Ledger:
            if url not in held:
                held[url] = stack.enter_context(open_ledger(url, signer=None, keyring=keyring, timeout=120))
            return held[url]

        yield once


@pytest.fixture
def pages_of(client: Callable[..., Any], opened: Callable[[str, Any], Ledger]) -> Iterator[Ask]:
    """Ask for a page as somebody, over a ledger."""
    from airflow_mlsecops.web.app import app
    from airflow_mlsecops.web.depends import ledger_of_request

    browsers = {role: client(role) for role in ("viewer", "admin")}

    def ask(role: str, path: str, url: str, keyring: Any) -> tuple[int, bytes]:
        app.dependency_overrides[ledger_of_request] = lambda: opened(url, keyring)
        said = browsers[role].get(PREFIX + path)
        return said.status_code, said.content

    yield ask
    app.dependency_overrides.clear()


def routes() -> list[str]:
    """The paths of the app that answer a GET, as they are declared."""
    from airflow_mlsecops.web.app import app

    return [route.path for route in app.routes if "GET" in route.methods and route.path not in SAME_FOR_ALL]


def path_of(template: str, side: Side, record: str) -> str:
    """A path about the first run of a side."""
    names = {"dag_id": side.dags[0], "run_id": side.names["run_id"], "record_id": record}
    return template.replace(":path", "").format(**{name: quote(value, safe="") for name, value in names.items()})


def queries() -> Iterator[dict[str, str]]:
    """None; all of a dataset of both, and of the near side; of these, all but one that is called as on the far side."""
    near, far = ({**PLAIN, **{name: side.names.get(name, PLAIN[name]) for name in PLAIN}} for side in (NEAR, FAR))
    page = {"name": shared(0), "dataset": shared(0), "env": "prod-train"}
    yield {}
    for whole in (page, {**near, "env": "prod-train"}):
        yield whole
        yield from ({**whole, name: far[name]} for name in PLAIN if far[name] != near[name])


FIRST = {side: next(estate.records(side)).id for side in (NEAR, FAR)}
BY_DAG = [path for path in routes() if "{dag_id}" in path]


def read_by(template: str) -> set[str]:
    """The parameters that a page may read; a record is one, whatever else is asked."""
    return {"dag_id", "task_id", "map_index"} if "{record_id}" in template else set(PLAIN)


def asked(template: str, side: Side) -> list[str]:
    """All addresses of a route that are about a side, or about everything."""
    path = path_of(template, side, FIRST[side])
    every = [{}, {"task_id": FAR.names["task_id"]}] if "{record_id}" in template else queries()
    return [f"{path}?{urlencode(query)}" for query in every]


@pytest.mark.parametrize(
    ("template", "side"), [*((template, NEAR) for template in routes()), *((template, FAR) for template in BY_DAG)]
)
def test_each_answer_is_as_if_the_far_side_had_never_spoken(
    pages_of: Ask, ledgers: estate.Ledgers, template: str, side: Side
) -> None:
    for address in asked(template, side):
        whole = pages_of("viewer", address, ledgers.whole, ledgers.keyring)
        assert whole == pages_of("viewer", address, ledgers.near, ledgers.keyring), address
        assert whole[0] < 500, address


@pytest.mark.parametrize("template", routes())
def test_no_answer_bears_the_token(pages_of: Ask, mixed: tuple[str, Any], template: str) -> None:
    """Where both sides speak in turns, as they do; what was asked for by the token is compared above."""
    shown = 0
    for address in asked(template, NEAR):
        if TOKEN not in address.lower():
            status, body = pages_of("viewer", address, *mixed)
            assert TOKEN not in body.decode().lower(), address
            shown += status == 200
    assert shown


@pytest.mark.parametrize("template", BY_DAG)
def test_what_is_about_a_far_dag_is_not_answered(pages_of: Ask, mixed: tuple[str, Any], template: str) -> None:
    answers = {pages_of("viewer", address, *mixed)[0] for address in asked(template, FAR)}
    assert answers == {403}


@pytest.mark.parametrize("template", routes())
def test_the_walk_would_notice(pages_of: Ask, ledgers: estate.Ledgers, template: str) -> None:
    """Who may read everything is told of the far side, by each route."""

    def differ(address: str) -> bool:
        status, body = pages_of("admin", address, ledgers.whole, ledgers.keyring)
        same = (status, body) == pages_of("admin", address, ledgers.near, ledgers.keyring)
        return status == 200 and not same and (TOKEN in body.decode() or template.endswith("verify"))

    assert any(differ(address) for address in asked(template, FAR))


@pytest.mark.parametrize("template", routes())
def test_every_parameter_that_is_read_is_filled(
    pages_of: Ask, ledgers: estate.Ledgers, template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from starlette.datastructures import QueryParams

    read: set[str] = set()

    def noting(method: str) -> Any:
        inner = getattr(QueryParams, method)

        def note(self: Any, name: Any, *more: Any) -> Any:
            read.add(str(name))
            return inner(self, name, *more)

        return note

    for method in ("get", "getlist", "__getitem__", "__contains__"):
        monkeypatch.setattr(QueryParams, method, noting(method))
    pages_of("viewer", asked(template, NEAR)[-1], ledgers.near, ledgers.keyring)
    assert read <= read_by(template)
