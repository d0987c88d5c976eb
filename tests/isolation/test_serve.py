"""Serving the estate tells a newcomer what to do next."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from dags_examples.estate import serve


def test_a_folder_that_is_there_is_left_alone_before_anything_is_built(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["serve", str(tmp_path)])
    monkeypatch.setattr(serve, "emulator", lambda: pytest.fail("built all the same"))
    with pytest.raises(SystemExit, match="is there already: name a folder that is not"):
        serve.main()


def test_when_it_stands_the_terminal_says_so_and_what_is_read_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["serve", str(tmp_path / "policy")])
    monkeypatch.setattr(serve, "_forever", lambda: None)
    serve.main()
    read, shown = capsys.readouterr()
    said = dict(line.removeprefix("export ").split("=", 1) for line in read.splitlines() if line.startswith("export "))
    url = shlex.split(said["ESTATE_URL"])[0]
    assert url in said["AIRFLOW_CONN_AWS_DEFAULT"]
    assert f"The estate stands at {url}" in shown
    assert (tmp_path / "policy" / "policy.yaml").exists()
