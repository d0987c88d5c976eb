"""A table full of values that may appear nowhere, and the search for them."""

from __future__ import annotations

import contextlib
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.canary import forms

PEOPLE = (
    ("Wilhelmina Featherstone", "wilhelmina.f@canary-mail.example.com", "4539 5787 6362 1486"),
    ("Bartholomew Quackenbush", "b.quackenbush@canary-mail.example.com", "5425 2334 3010 9903"),
    ("Esmeralda Vanterpool", "esmeralda@canary-mail.example.org", "4916 3385 0608 2832"),
    ("Theodoric Abernathy", "abernathy77@canary-mail.example.net", "3782 822463 10005"),
)
ILLNESS = "Huntington chorea stage 4 canary"
PLACE = "SW1A 9ZZ canary"
ACCOUNT = 7_041_998_326_554_310

TABLE: dict[str, list[str | None]] = {
    "full_name": [name for name, _, _ in PEOPLE] * 3,
    "email": [email for _, email, _ in PEOPLE] * 3,
    "notes": [f"paid with {card}, ask {name}" for name, _, card in PEOPLE] * 3,
    "payload": [json.dumps({"mail": email, name: 1}) for name, email, _ in PEOPLE] * 3,
    "pid": ["0123456789abcdef" * 2] * 10 + [PEOPLE[0][1], PEOPLE[1][0]],
    "place": [PLACE] + ["W1"] * 11,
    "illness": [ILLNESS] + ["flu"] * 11,
}
VALUES = sorted(
    {
        *(value for person in PEOPLE for value in person),
        ILLNESS,
        PLACE,
        str(ACCOUNT),
        *TABLE["notes"],
        *TABLE["payload"],
    }
)  # type: ignore[type-var]
_NEEDLES = [(index, form) for index, value in enumerate(VALUES) for form in forms(str(value))]


def shown(outputs: Iterator[tuple[str, str | bytes]]) -> list[str]:
    """Where a value shows, by the name of the output and the number of the value."""
    told = [(name, text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text) for name, text in outputs]
    return sorted({f"{name}: value {index}" for name, text in told for index, form in _NEEDLES if form in text})


def of_result(result: Any) -> Iterator[tuple[str, str]]:
    """Every way in which a result shows itself."""
    yield "json", json.dumps(result.to_json_dict(), default=str, ensure_ascii=False)
    yield "escaped json", json.dumps(result.to_json_dict(), default=str)
    yield "describe", result.describe() if hasattr(result, "describe") else ""
    yield "str", str(result)
    yield "repr", repr(result)
    yield "vars", repr({name: value for name, value in vars(result).items() if name != "expectation_config"})


def of_folder(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file that was written."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield str(path.relative_to(folder)), path.read_bytes()


@contextlib.contextmanager
def overheard() -> Iterator[list[tuple[str, str]]]:
    """What was logged or printed meanwhile."""
    out, err, logged = io.StringIO(), io.StringIO(), io.StringIO()
    handler = logging.StreamHandler(logged)
    root, ours = logging.getLogger(), [logging.getLogger(name) for name in ("great_expectations", "airflow_mlsecops")]
    before = [(logger, logger.level) for logger in (root, *ours)]
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for logger in ours:
        logger.setLevel(logging.DEBUG)
    heard: list[tuple[str, str]] = []
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            yield heard
    finally:
        root.removeHandler(handler)
        for logger, level in before:
            logger.setLevel(level)
        heard += [("stdout", out.getvalue()), ("stderr", err.getvalue()), ("log", logged.getvalue())]
