"""Planted values of every entity, through every gate, the pages and the command line: they show nowhere."""

from __future__ import annotations

import csv
import html
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

from tests.canary import columns, leaks
from tests.e2e.conftest import ROOT, Live

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(900)]
DAGS = ("canary_found", "canary_allowed", "canary_ragged", "canary_header", "canary_lines", "canary_crash")


# Of each DAG the tasks that looked.
LOOKED = {**dict.fromkeys(DAGS, ("classify", "may_train")), "canary_sanitized": ("sanitise", "miss", "validate")}


def plant(folder: Path) -> None:
    """Write the files that the DAGs look at."""
    cells = columns()
    longest = max(map(len, cells.values()))
    frame = pl.DataFrame({name: (held * longest)[:longest] for name, held in cells.items()})
    (folder / "raw").mkdir(parents=True)
    frame.write_parquet(folder / "planted.parquet")
    plain = [cell for cell in cells["email"] if re.fullmatch(r"[a-z.]+@[a-z.]+", cell)]
    pl.DataFrame({"email": plain}).write_parquet(folder / "raw" / "planted.parquet")
    for name in ("planted.csv", "crash.csv"):
        frame.write_csv(folder / name)
    everything = [cell for held in cells.values() for cell in held]
    with (folder / "header.csv").open("w", newline="") as file:
        csv.writer(file).writerows([everything, everything])
    with (folder / "ragged.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["a", "b"], ["c1", "x"], everything])
    lines = [json.dumps({"note": cell}) for cell in everything]
    (folder / "broken.jsonl").write_text("\n".join([*lines[:5], *(line[:-4] for line in lines[5:]), *lines]))


@pytest.fixture(scope="module")
def ran(live: Live) -> Live:
    plant(live.home / "canary")
    for dag in LOOKED:
        live.wait(lambda dag=dag: live.call("GET", f"/api/v2/dags/{dag}").status_code == 200)
        live.trigger(dag, "c1")
    for dag in LOOKED:
        live.finished(dag, "c1", 400)
    return live


def said_by_airflow(live: Live) -> list[tuple[str, bytes]]:
    """Logs, Airflow's database with XCom and rendered fields, the ledger and its folder."""
    files = [file for file in live.home.rglob("*") if file.is_file() and not file.is_relative_to(live.home / "canary")]
    return [(str(file.relative_to(live.home)), file.read_bytes()) for file in files]


def said_by_pages(live: Live) -> list[tuple[str, bytes]]:
    """The overview, whole and narrowed, the Security tab of each run, each dataset, and what the API says of each gate."""
    pages = ["/mlsecops/overview", "/mlsecops/overview?verdict=fail&q=planted"]
    pages += [f"/mlsecops/run/{dag}/c1" for dag in LOOKED]
    said = [live.call("GET", page) for page in pages]
    pages += (files := files_of(said[0].text))
    said += [live.call("GET", file) for file in files]
    assert [page.status_code for page in said] == [200] * len(pages)
    assert "planted" in said[0].text
    rest = [
        f"/api/v2/dags/{dag}/dagRuns/c1/taskInstances/{task}/{what}"
        for dag, tasks in LOOKED.items() for task in tasks for what in ("xcomEntries/verdict", "logs/1")
    ]  # fmt: skip
    return [(page, answer.content) for page, answer in zip(pages, said, strict=True)] + [
        (path, live.call("GET", path).content) for path in rest
    ]


def files_of(overview: str) -> list[str]:
    """The page of each dataset on the overview, and its downloads."""
    found = {html.unescape(link) for link in re.findall(r'href="[^"]*(/mlsecops/dataset\?[^"]+)"', overview)}
    assert found
    kinds = ("", ".json", ".csv", ".cdx.json")
    return [link.replace("/dataset?", f"/dataset{kind}?", 1) for link in sorted(found) for kind in kinds]


def said_by_commands(live: Live) -> list[tuple[str, bytes]]:
    """The command line, on the same files."""
    folder = live.home / "canary"
    files = ["planted.csv", "planted.parquet", "ragged.csv", "header.csv", "broken.jsonl"]
    commands = [["scan", str(folder / file), "--json"] for file in files]
    commands += [["scan", str(folder / file)] for file in ("planted.csv", "ragged.csv")]
    commands += [["ledger", "verify"], ["doctor"]]
    environment = {**os.environ, "AIRFLOW_HOME": str(live.home), "PYTHONPATH": str(ROOT)}

    def told(command: list[str]) -> tuple[str, bytes]:
        done = subprocess.run(
            [sys.executable, "-m", "airflow_mlsecops.cli", *command],
            env=environment,
            capture_output=True,
            timeout=240,
            check=False,
        )
        assert b"Traceback" not in done.stderr
        return " ".join(command), done.stdout + done.stderr

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(told, commands))


def test_each_path_was_taken(ran: Live) -> None:
    states = {dag: ran.tasks(dag, "c1")["classify"] for dag in DAGS}
    assert states == {**dict.fromkeys(DAGS, "failed"), "canary_allowed": "success"}
    assert {ran.tasks(dag, "c1")["train"] for dag in DAGS} == {"failed"}
    washed = {"sanitise": "success", "miss": "failed", "validate": "failed"}
    assert ran.tasks("canary_sanitized", "c1") == washed
    assert list((ran.home / "canary" / "features" / "safe").glob("*.parquet"))
    assert list((ran.home / "mlsecops" / "data_docs").rglob("*.html"))


def test_airflow_and_the_ledger_hold_no_value(ran: Live) -> None:
    assert leaks(said_by_airflow(ran)) == []


def test_pages_and_api_show_no_value(ran: Live) -> None:
    assert leaks(said_by_pages(ran)) == []


def test_the_command_line_prints_no_value(ran: Live) -> None:
    assert leaks(said_by_commands(ran)) == []
