"""No value of any file reaches the screen, in whatever form."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import polars as pl
import pytest

from tests.cli.conftest import Run

ADDRESS = "zebra.canary@example.org"
CARD = "4539578763621486"
SECRET = "AKIAQYLPMN5HHHFPZAM2"
PLAIN = "quokka-canary-7731"
CANARIES = (ADDRESS, CARD, SECRET, PLAIN)
ROW = ",".join(CANARIES)


def forms(value: str) -> Iterator[str]:
    raw = value.encode()
    yield from (value, value.upper(), value[::-1], quote(value, safe=""), raw.hex(), repr(value)[1:-1])
    yield base64.b64encode(raw).decode().rstrip("=")
    for name in ("md5", "sha1", "sha256", "blake2b"):
        digest = hashlib.new(name, raw)
        yield from (digest.hexdigest(), base64.b64encode(digest.digest()).decode().rstrip("="))


def leaks(output: str) -> list[str]:
    told = output.casefold()
    return [form for value in CANARIES for form in forms(value) if form.casefold() in told]


def test_a_leak_would_be_seen() -> None:
    for value in CANARIES:
        for form in forms(value):
            assert leaks(f"x {form} y")


def header_of_values(folder: Path) -> Path:
    (folder / "a.csv").write_text(f"{ROW}\n{ROW}\n{ROW}\n")
    return folder / "a.csv"


def cells(folder: Path) -> Path:
    (folder / "a.csv").write_text(f"one,two,three,four\n{ROW}\n")
    return folder / "a.csv"


def ragged(folder: Path) -> Path:
    (folder / "a.csv").write_text(f"one,two\n{ROW}\n")
    return folder / "a.csv"


def broken_lines(folder: Path) -> Path:
    (folder / "a.jsonl").write_text(f'{{"one": "{ADDRESS}"}}\n{{"one": "{CARD}\n')
    return folder / "a.jsonl"


def late_quote(folder: Path) -> Path:
    (folder / "a.csv").write_text(f'one,two\n{ADDRESS},"{CARD}\n{SECRET},{PLAIN}\n')
    return folder / "a.csv"


def noise_after_values(folder: Path) -> Path:
    (folder / "a.csv").write_bytes(f"one,two,three,four\n{ROW}\n".encode() + bytes(range(256)))
    return folder / "a.csv"


def damaged_parquet(folder: Path) -> Path:
    path = folder / "a.parquet"
    pl.DataFrame({"one": [ADDRESS] * 500, "two": [PLAIN] * 500}).write_parquet(path, compression="uncompressed")
    data = bytearray(path.read_bytes())
    data[40:80] = b"\xff" * 40
    path.write_bytes(bytes(data))
    return path


def nested(folder: Path) -> Path:
    path = folder / "a.parquet"
    pl.DataFrame({"one": [{"in": [ADDRESS, CARD]}], "two": [SECRET.encode()]}).write_parquet(path)
    return path


MAKERS = (header_of_values, cells, ragged, broken_lines, late_quote, noise_after_values, damaged_parquet, nested)


@pytest.mark.parametrize("make", MAKERS, ids=[make.__name__ for make in MAKERS])
@pytest.mark.parametrize("how", [(), ("--json",), ("--stage", "raw")], ids=["text", "json", "what if"])
def test_nothing_leaks(run: Run, features: Path, policy: Path, make: object, how: tuple[str, ...]) -> None:
    answer = run("scan", make(features), "--policy", policy, *how)  # type: ignore[operator]
    assert not leaks(answer.both)
    assert answer.code in (1, 2) or how == ("--stage", "raw")
    assert "Traceback" not in answer.both


def test_an_unexpected_error_tells_its_class_alone(
    run: Run, features: Path, policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from airflow_mlsecops import scan

    class Panic(BaseException):
        """What polars raises where Rust panicked."""

    for error in (ZeroDivisionError, RecursionError, MemoryError, Panic):

        def burst(*_: object, error: type[BaseException] = error, **__: object) -> None:
            raise error(f"cannot parse {ADDRESS}")

        monkeypatch.setattr(scan, "examine", burst)
        answer = run("scan", cells(features), "--policy", policy)
        assert answer.code == 2
        assert not answer.out
        assert error.__name__ in answer.err
        assert answer.err.count("\n") == 1
        assert not leaks(answer.both)


def test_interrupted(run: Run, features: Path, policy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow_mlsecops import scan

    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(scan, "examine", interrupt)
    answer = run("scan", cells(features), "--policy", policy)
    assert (answer.code, answer.out, answer.err) == (130, "", "interrupted: nothing was proven\n")
