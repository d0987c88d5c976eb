"""Who can read a dataset is told without one value of it: cells, names of files that are data, what PostgreSQL keeps."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from tests.canary import columns, leaks, values
from tests.cli.conftest import Run
from tests.cli.test_who_can_read import TABLE, Crm
from tests.cli.test_who_can_read import crm as crm
from tests.observe.test_files import open_folder

SHAPES = [(), ("--tree",), ("--json",), ("--commands",)]


def told(run: Run, dataset: str | Path, *more: str) -> list[tuple[str, bytes]]:
    """What the command says of a dataset in each of its shapes."""
    answers = [run("who-can-read", dataset, "--reader", "user:root", *shape, *more) for shape in SHAPES]
    assert all(answer.code in (1, 2) for answer in answers)
    assert not any("Traceback" in answer.both for answer in answers)
    assert all(answer.out for answer in answers[:3])
    return [(str(shape), answer.both.encode()) for shape, answer in zip(SHAPES, answers, strict=True)]


def names() -> list[str]:
    """Values that a file can be called by."""
    return [one for one in values() if "/" not in one and "\0" not in one and len(one.encode()) < 200]


@pytest.fixture
def files(features: Path) -> Path:
    return features


def test_cells_and_names_of_files(run: Run, files: Path) -> None:
    with open_folder() as place:
        folder = place / "data"
        for number, name in enumerate(names()):
            inside = folder / f"mail={quote(name, safe='')}" if number % 2 else folder / f"day={number}"
            inside.mkdir(parents=True)
            path = inside / f"{name}.csv"
            path.write_text("\n".join(values()))
            path.chmod(0o644 if number % 3 else 0o640)
        folder.chmod(0o755)
        said = told(run, folder)
        assert b"everybody else" in said[0][1]
        assert leaks(said) == []


@pytest.mark.parametrize("odd", ["pipe", "link", "out"])
def test_names_of_what_cannot_be_looked_at(run: Run, files: Path, odd: str) -> None:
    with open_folder() as place:
        folder = place / "data"
        folder.mkdir()
        said = []
        for name in names()[::24]:
            path = folder / name
            os.mkfifo(path) if odd == "pipe" else path.symlink_to(name + "x" if odd == "link" else place / "x" / name)
            said += told(run, folder)
            path.unlink()
        assert leaks(said) == []


def test_a_table_with_statistics_policies_functions_and_partitions(run: Run, crm: Crm) -> None:
    cells = {name: [cell for cell in held if "\0" not in cell] for name, held in columns().items()}
    admin = crm.connection
    admin.execute("ALTER TABLE ml.customers ADD COLUMN note text")
    for held in cells.values():
        for cell in held * 3:
            with suppress(psycopg.DataError):
                admin.execute("INSERT INTO ml.customers VALUES (1, %s)", (cell,))
    sql = psycopg.sql
    texts = sql.Literal("\n".join(values()))
    admin.execute(sql.SQL("CREATE POLICY p ON ml.customers USING (note <> {})").format(texts))
    admin.execute("ALTER TABLE ml.customers ENABLE ROW LEVEL SECURITY")
    admin.execute(sql.SQL("CREATE VIEW ml.v AS SELECT * FROM ml.customers WHERE note <> {}").format(texts))
    admin.execute(sql.SQL("COMMENT ON TABLE ml.customers IS {}").format(texts))
    body = sql.Literal("SELECT note FROM ml.customers -- " + "\n-- ".join(values()))
    admin.execute(
        sql.SQL(
            "CREATE FUNCTION ml.f(a text DEFAULT {}) RETURNS text SECURITY DEFINER LANGUAGE sql AS {}"
        ).format(texts, body)
    )  # fmt: skip
    admin.execute(f"GRANT SELECT ON ml.v, pg_statistic TO {crm.eve}")
    admin.execute("ANALYZE ml.customers")
    said = told(run, TABLE, "--reader", crm.train)
    assert all(crm.eve.encode() in one for _, one in said[:3])
    assert leaks(said) == []
