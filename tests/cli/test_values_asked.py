"""No value reaches the screen from commands that are asked about values: ``try``, ``explain``, ``eval``, ``detectors``."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Answer, Run
from tests.cli.test_values import ADDRESS, CANARIES, CARD, MAKERS, PLAIN, SECRET, leaks

TEXT_AND_JSON = pytest.mark.parametrize("how", [(), ("--json",)], ids=["text", "json"])
COLUMNS = ("one", "column[1]", ADDRESS, PLAIN, "two.in")


def clean(answer: Answer, *codes: int) -> None:
    assert not leaks(answer.both)
    assert "Traceback" not in answer.both
    assert "unexpected" not in answer.both
    assert answer.code in codes


@TEXT_AND_JSON
@pytest.mark.parametrize("column", ["", "email", "password", ADDRESS, PLAIN], ids=range(5))
def test_try_as_arguments(run: Run, column: str, how: tuple[str, ...]) -> None:
    clean(run("try", *(("--column", column) if column not in (PLAIN,) else ()), *how, *CANARIES), 0)


@TEXT_AND_JSON
def test_try_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch, how: tuple[str, ...]) -> None:
    lines = "\n".join((*CANARIES, " ".join(CANARIES), f'{{"a": "{ADDRESS}"}}')).encode()
    for data, code in ((lines, 0), (lines + b"\n\xff", 2), (lines.replace(b"\n", b"\r\n"), 0)):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        clean(run("try", *how), code)


@pytest.mark.parametrize("value", CANARIES, ids=range(4))
def test_a_value_in_the_place_of_a_name(run: Run, tmp_path: Path, value: str) -> None:
    (tmp_path / "a.csv").write_text("one,two\n1,2\n")
    clean(run("try", "--detector", value, "x"), 64)
    clean(run("try", f"--{value}", "x"), 64)
    clean(run("try", f"--colunm={value}", value), 64)
    clean(run("explain", tmp_path / "a.csv", value), 64)
    clean(run("explain", tmp_path / "a.csv", "one", "--detector", value), 64)


@TEXT_AND_JSON
@pytest.mark.parametrize("make", MAKERS, ids=[make.__name__ for make in MAKERS])
def test_explain(run: Run, features: Path, make, how: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    table = make(features)
    for column in COLUMNS:
        clean(run("explain", table, column, *how), 0, 2, 64)


@TEXT_AND_JSON
@pytest.mark.parametrize("make", MAKERS, ids=[make.__name__ for make in MAKERS])
def test_eval(run: Run, features: Path, tmp_path: Path, make, how: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    table = make(features)
    for labels in (
        "one,EMAIL_ADDRESS\ntwo,\n",
        f"{ADDRESS},EMAIL_ADDRESS\n",
        f"one,{ADDRESS}\n",
        f"one,{PLAIN};{CARD}\n",
    ):
        (tmp_path / "truth.csv").write_text(f"column,entity\n{labels}")
        clean(run("eval", table, "--labels", tmp_path / "truth.csv", "--max-fp", "0", *how), 0, 1, 2)


@pytest.mark.parametrize("name", ["truth.csv", "truth.json", "truth.yaml"])
def test_eval_with_data_in_the_place_of_labels(run: Run, features: Path, tmp_path: Path, name: str) -> None:
    table = MAKERS[1](features)
    for text in (
        table.read_text(),
        "\n".join(CANARIES),
        f"table,column,entity\n{PLAIN},{ADDRESS},{SECRET}\n",
        f'{{"{ADDRESS}": "{CARD}"}}',
        f'[{{"column": "{PLAIN}", "entity": "{ADDRESS}"}}]',
        f'["{ADDRESS}", "{CARD}"',
        f"{PLAIN}: [{ADDRESS}, *{PLAIN}]",
    ):
        (tmp_path / name).write_text(text)
        clean(run("eval", table, "--labels", tmp_path / name), 2)


def test_detectors(run: Run) -> None:
    clean(run("detectors"), 0)
