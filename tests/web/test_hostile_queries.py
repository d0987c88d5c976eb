"""Whatever an address says, a page answers: with what it knows, or that there is no such thing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.web import test_fence
from tests.web.estate import NEAR, shared
from tests.web.test_fence import Ask, fenced, ledgers, opened, pages_of, path_of, routes

__all__ = ["fenced", "ledgers", "opened", "pages_of"]
NUMBERS = ["-1", "0", "9" * 400, "1e999", "²", "\N{FULLWIDTH DIGIT SEVEN}"]
DAYS = ["0001-01-01", "9999-12-31", "2026-02-30"]
TEXTS = ["\0", "a\0b", "\ud800", "\u202e", "%_'\\", "<img src=x onerror=alert(1)>", "\r\nSet-Cookie: a=b", "x" * 2_500]
PAGE = {"name": shared(0), "dataset": shared(0), "env": "prod-train", "task_id": NEAR.names["task_id"]}


def queries() -> Iterator[dict[str, Any]]:
    rest = [name for name in test_fence.PLAIN if name not in PAGE]
    for text in (*NUMBERS, *DAYS):
        yield {**PAGE, **dict.fromkeys(rest, text)}
    for text in TEXTS:
        yield dict.fromkeys(test_fence.PLAIN, text.encode("utf-8", "surrogatepass"))
    yield {**PAGE, **{name: ["", "1", "x"] for name in rest}}
    yield {"name": "x" * 25_000, "dataset": "x" * 25_000}


def hostile_paths(template: str) -> Iterator[str]:
    """The path of a route with each of its names in turn something that Airflow would not call a thing by."""
    names = {"dag_id": NEAR.dags[0], "run_id": NEAR.names["run_id"], "record_id": test_fence.FIRST[NEAR]}
    known = [name for name in names if f"{{{name}" in template]
    for name, text in product(known, (*NUMBERS, *TEXTS)):
        told = {**names, name: text}
        written = {key: quote(value.encode("utf-8", "surrogatepass"), safe="") for key, value in told.items()}
        yield template.replace(":path", "").format(**written)


@pytest.mark.parametrize("template", test_fence.BY_DAG)
def test_no_path_is_an_error_of_ours_and_none_holds_what_no_database_does(
    pages_of: Ask, ledgers: Any, template: str
) -> None:
    for path in hostile_paths(template):
        status, _ = pages_of("admin", path, ledgers.near, ledgers.keyring)
        assert status == 404 if "%00" in path else status < 500, path


def test_a_task_whose_name_no_database_holds_is_not_asked_for(pages_of: Ask, ledgers: Any) -> None:
    for path in (f"/task/{NEAR.dags[0]}/r1?task_id=a%00b", f"/task/{NEAR.dags[0]}/a%00b?task_id=t"):
        assert pages_of("admin", path, ledgers.near, ledgers.keyring)[0] == 404, path


@pytest.mark.parametrize("template", [path for path in routes() if "{record_id}" not in path])
def test_no_query_is_an_error_of_ours(pages_of: Ask, ledgers: Any, template: str) -> None:
    path = path_of(template, NEAR, test_fence.FIRST[NEAR])
    for query in queries():
        address = f"{path}?{urlencode(query, doseq=True)}"
        assert pages_of("viewer", address, ledgers.near, ledgers.keyring)[0] < 500, address[:300]
