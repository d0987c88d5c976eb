"""Columns that repeat a part of what stands in another column of their table."""

from __future__ import annotations

import polars as pl
import pytest

from airflow_mlsecops import scan
from airflow_mlsecops.detectors import all_detectors

LOGINS = [
    *("wvdberg", "kthxbye", "p-oneill", "mtd7", "ivanova.k", "zz", "m_otto", "yukiko", "dlp"),
    *("hgrtn", "s1034421", "kjs12", "quixotic", "oakes", "tba2", "ferdi", "nmn", "xuanmai"),
]
DOMAINS = ["example.org", "mail.example.com", "post.example.net"]


def entities(column: str, frame: pl.DataFrame) -> set[str]:
    found = scan.classify([frame], all_detectors()).sightings
    return {one.entity for one in found if one.column == column}


def mails(locals_: list[str]) -> list[str]:
    return [f"{name}@{DOMAINS[place % 3]}" for place, name in enumerate(locals_)]


@pytest.mark.parametrize("header", ["c3", "Kürzel", "ref_a", "Kontakt 2", "x1"])
@pytest.mark.parametrize("written", [str, str.upper, str.title])
def test_a_column_of_what_stands_before_the_at_sign_holds_logins(header: str, written: type[str]) -> None:
    frame = pl.DataFrame({"mail": mails([written(one) for one in LOGINS]), header: LOGINS})
    assert "USERNAME" in entities(header, frame)


def test_some_may_differ() -> None:
    frame = pl.DataFrame({"mail": mails([*LOGINS[:12], "a.b", "c.d", "e.f", "g.h", "i.j", "k.l"]), "Kürzel": LOGINS})
    assert "USERNAME" in entities("Kürzel", frame)


def test_a_few_rows_are_enough() -> None:
    assert "USERNAME" in entities("Kürzel", pl.DataFrame({"mail": mails(LOGINS[:4]), "Kürzel": LOGINS[:4]}))


def test_the_samples_of_a_large_table_tell_it_too() -> None:
    logins = [f"{a}{b}{c}{d}" for a in "bdfgk" for b in "aeiou" for c in "lmnrstvwxz" for d in range(12)]
    frame = pl.DataFrame({"mail": mails(logins), "Kürzel": logins[::-1]})
    found = [one for one in scan.classify([frame], all_detectors()).sightings if one.column == "Kürzel"]
    assert [(one.entity, one.rows) for one in found] == [("USERNAME", len(logins))]


@pytest.mark.parametrize(
    ("header", "cells", "locals_"),
    [
        ("queue", ["support", "sales", "info", "billing", "help", "jobs", "office", "press"], None),
        ("topic", ["red", "green", "blue", "black", "white", "brown"], ["red", "ann", "bob", "cid", "dan", "eve"]),
        ("Kürzel", LOGINS, [f"{one}x" for one in LOGINS]),
        ("Kürzel", LOGINS, ["office"] * len(LOGINS)),
        ("qty", [str(number) for number in range(1, 19)], [str(number) for number in range(1, 19)]),
    ],
    ids=["departments", "one by chance", "others", "one address", "numbers"],
)
def test_near_misses(header: str, cells: list[str], locals_: list[str] | None) -> None:
    assert entities(header, pl.DataFrame({"mail": mails(locals_ or cells), header: cells})) == set()


def test_without_addresses_the_column_says_nothing() -> None:
    assert entities("Kürzel", pl.DataFrame({"note": mails(LOGINS)[:1] * len(LOGINS), "Kürzel": LOGINS})) == set()
