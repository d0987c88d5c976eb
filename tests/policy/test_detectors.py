"""Detectors of a policy folder: what is accepted finds what its examples say, and what is wrong is told at its line."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_mlsecops.core.classification import How
from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors import all_detectors, ruleset
from airflow_mlsecops.policy import load, run_cases
from airflow_mlsecops.policy.detectors import MOST_EXAMPLES
from airflow_mlsecops.policy.dialect import fault
from airflow_mlsecops.scan import classify
from airflow_mlsecops.scan.pattern import linear
from airflow_mlsecops.scan.text import text_of
from tests.pace import keeps_pace
from tests.policy.make import SMALL, folder, mistakes

FILE = "detectors/staff_number.yaml"
STAFF = r"""name: STAFF_NUMBER
title: staff number
level: confidential
role: direct identifier
tags: [GDPR, HOUSE-1]
pattern: \bST-[0-9]{7}\b
cell_pattern: (?i:st)?-?[0-9]{7}
names: [staff_no, personalnummer]
not_names: [count]
validator: luhn
examples:
  match: [ST-1234566, "seen with ST-1234566 today"]
  no_match: [ST-1234567, ST-12345, XST-1234566X]
  columns:
    - {name: staff_no, cells: ["1234566", "7654320"]}
    - {name: staff_count, cells: ["1234566", "7654320"], found: false}
"""


def with_detector(place: Path, text: str = STAFF, **files: str | bytes) -> Path:
    return folder(place, detectors_SLASH_staff_number__yaml=text, **files)


def own(place: Path, text: str = STAFF) -> Detector:
    return load(with_detector(place, text)).own[0]


def test_it_stands_beside_those_of_this_version(tmp_path: Path) -> None:
    loaded = load(with_detector(tmp_path))
    assert loaded.detectors == (*all_detectors(), *loaded.own)
    assert loaded.entities["STAFF_NUMBER"].level is Level.CONFIDENTIAL
    assert "EMAIL_ADDRESS" in loaded.entities
    assert loaded.own[0].name == FILE
    assert loaded.own[0].everything
    assert loaded.own[0].checked


def test_without_any_there_are_those_of_this_version_alone(tmp_path: Path) -> None:
    assert load(folder(tmp_path)).detectors == all_detectors()


def test_policy_and_cases_may_name_it(tmp_path: Path) -> None:
    policy = SMALL.replace("up_to: internal", "up_to: internal\n    never: ['tag:HOUSE-1', STAFF_NUMBER]")
    case = "- {name: no staff, kind: holds, dataset: 's3://l/features/x', entity: STAFF_NUMBER, expect: deny}\n"
    assert [
        result.ok for result in run_cases(load(with_detector(tmp_path, policy__yaml=policy, cases__yaml=case)))
    ] == [True]


COLUMNS = [
    # column, cells, rows that hold it, how
    ("note", ["call ST-1234566", "ST-1234567", "ST-7654320", None], 2, How.VALIDATED),
    ("staff_no", ["1234566", "7654320", "-", None], 2, How.NAME),
    ("Personalnummer", ["1234566", "7654320"], 2, How.NAME),
    ("amount", ["1234566", "7654320"], 0, None),
    ("staff_count", ["1234566", "7654320"], 0, None),
    ("staff_no", [1234566, 7654320], 2, How.NAME),
]


@pytest.mark.parametrize(("column", "cells", "rows", "how"), COLUMNS)
def test_it_finds(column: str, cells: list[object], rows: int, how: How | None, tmp_path: Path) -> None:
    found = classify([pl.DataFrame({column: cells})], (own(tmp_path),)).sightings
    assert [(one.rows, one.how) for one in found] == ([(rows, how)] if rows else [])


@pytest.mark.parametrize(
    ("series", "pattern"),
    [
        (pl.Series("x", ["2026-11-23", "2026-11-24"]).str.to_date(), r"2026-11-2[34]"),
        (pl.Series("x", ["12.75", "12.50"]).cast(pl.Decimal(6, 2)), r"12\.[57]"),
        (pl.Series("x", [1.25, 2.25]), r"[12]\.25"),
        (pl.Series("x", [4711, 4712]), r"471[12]"),
        (pl.Series("x", ["４７１１", "٤٧١٢"]), r"471[12]"),
        (pl.Series("x", [["a", "code 4711"], ["4712"]]), r"471[12]"),
    ],
    ids=lambda value: value.dtype.base_type().__name__ if isinstance(value, pl.Series) else "",
)
def test_it_is_searched_in_everything(series: pl.Series, pattern: str, tmp_path: Path) -> None:
    text = f"{HEAD}pattern: '{pattern}'\nexamples: {{match: ['{series_text(pattern)}'], no_match: [x]}}\n"
    found = classify([series.to_frame()], (own(tmp_path, text),)).sightings
    assert [one.rows for one in found] == [2]


HEAD = "name: STAFF_NUMBER\ntitle: staff number\nlevel: internal\nrole: quasi-identifier\n"


def series_text(pattern: str) -> str:
    return {"2026-11-2[34]": "2026-11-23", r"12\.[57]": "12.75", r"[12]\.25": "1.25"}.get(pattern, "4711")


def test_columns_are_told_by_values_alone_where_hardly_any_other_looks_so(tmp_path: Path) -> None:
    text = f"{HEAD}cell_pattern: 'Q[0-9]{{6}}Z'\ncommon: 0.0001\nexamples: {{match: [Q123456Z], no_match: [Q12345Z]}}\n"
    cells = [f"Q{number:06}Z" for number in range(20)]
    assert classify([pl.DataFrame({"c1": cells})], (own(tmp_path, text),)).sightings[0].how is How.VALUES


# What is replaced in STAFF, by what, and every mistake that must be told.
WRONG: list[tuple[str, str, str, list[str]]] = [
    ("unknown key", "title:", "tilte:", ["1: title: is required", "2: unknown field 'tilte': did you mean 'title'?"]),
    ("unknown key below", "  no_match:", "  nomatch:",
     ["11: examples.no_match: is required", "13: unknown field 'examples.nomatch': did you mean 'no_match'?"]),
    ("level", "confidential", "secret", ["3: level: expected 'public', 'internal'"]),
    ("role", "direct identifier", "direct", ["4: role: expected 'direct identifier'"]),
    ("name in lower case", "STAFF_NUMBER", "staff_number", ["1: 'staff_number': expected two to sixty of A-Z"]),
    ("name that is taken", "STAFF_NUMBER", "EMAIL_ADDRESS", ["1: EMAIL_ADDRESS is an entity of this version"]),
    ("validator misspelt", "luhn", "lunh", ["10: validator 'lunh' is not known: did you mean 'luhn'?"]),
    ("validator of nobody", "luhn", "stdnum:de.nothing", ["10: validator 'stdnum:de.nothing' is not known"]),
    ("validator elsewhere", "luhn", "stdnum:util", ["10: validator 'stdnum:util' is not known"]),
    ("validator outside", "luhn", "stdnum:..os", ["10: validator 'stdnum:..os' is not known"]),
    ("look-ahead", r"\bST-", "(?=ST)ST-", ["6: pattern holds a group that begins with (? yet is neither"]),
    ("matches everything", r"\bST-[0-9]{7}\b", "'[0-9]*'", ["6: pattern matches the empty string"]),
    ("no pattern at all", "pattern: \\bST-[0-9]{7}\\b\ncell_pattern: (?i:st)?-?[0-9]{7}\nnames: [staff_no, personalnummer]\n", "",
     ["1: needs pattern (searched in every cell) or cell_pattern"]),
    ("empty pattern", r"\bST-[0-9]{7}\b", "''", ["6: pattern is empty"]),
    ("a group left open", r"\bST-[0-9]{7}\b", "(ST-[0-9]{7}", ["6: pattern is refused by RE2: missing )"]),
    ("names of nothing", "cell_pattern: (?i:st)?-?[0-9]{7}\n", "", ["7: names counts only where whole cells are looked at"]),
    ("cells that never count", "names: [staff_no, personalnummer]\n", "", ["7: cell_pattern needs names of columns"]),
    ("a name with a space", "personalnummer", "Personal Nummer", ["8: 'Personal Nummer': expected lower-case words"]),
    ("a name denied", "not_names: [count]", "not_names: [staff]", ["8: 'staff_no' is denied by not_names, which wins"]),
    ("no example", "match: [ST-1234566, \"seen with ST-1234566 today\"]", "match: []", ["12: examples.match is empty"]),
    ("example not found", "match: [ST-1234566", "match: [ST-1234569",
     ["12: match example 1: expected to be found, got nothing: mend pattern or cell_pattern or validator"]),
    ("example found", "no_match: [ST-1234567, ST-12345", "no_match: [ST-1234567, ST-7654320",
     ["13: no_match example 2: expected nothing, got found by pattern, in a column of any name and by cell_pattern"]),
    ("column not found", 'cells: ["1234566", "7654320"]}\n    - {name: staff_c', 'cells: [x, y]}\n    - {name: staff_c',
     ["15: column example 1: expected found, got nothing"]),
    ("column found", "name: staff_count", "name: staff_no", ["16: column example 2: expected nothing, got found"]),
    ("common of nothing", "validator: luhn", "common: 0", ["10: common: must be at least 1e-06"]),
    ("title of two lines", "title: staff number", 'title: "a\\nb"', ["2: title: expected one line"]),
    ("two documents", "name: ", "name: X\n---\nname: ", ["2: holds a second document"]),
    ("a list", STAFF, "- a\n", ["1: the file: expected a mapping"]),
    ("empty", STAFF, "", ["1: is empty"]),
    ("too many examples", "no_match: [", f"no_match: [{'x, ' * MOST_EXAMPLES}", ["13: examples.no_match holds 103, at most 100"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_mistakes(old: str, new: str, said: list[str], tmp_path: Path) -> None:
    assert old in STAFF
    told = sorted(mistakes(with_detector(tmp_path, STAFF.replace(old, new, 1))))
    assert len(told) == len(said), told
    starts = sorted(f"{FILE}:{one}" for one in said)
    assert [line[: len(start)] for line, start in zip(told, starts, strict=True)] == starts


def test_a_wrong_example_is_not_repeated(tmp_path: Path) -> None:
    told = mistakes(with_detector(tmp_path, STAFF.replace("ST-1234567,", "ST-9876543210, ST-1234566,")))
    assert told
    assert not [line for line in told if "1234566" in line]


def test_two_of_one_name(tmp_path: Path) -> None:
    told = mistakes(with_detector(tmp_path, detectors_SLASH_twin__yaml=STAFF))
    assert told == [
        "detectors/twin.yaml:1: STAFF_NUMBER is taken by detectors/staff_number.yaml: one detector for each name"
    ]


def test_a_mistake_in_a_detector_does_not_hide_those_of_the_policy(tmp_path: Path) -> None:
    told = mistakes(
        with_detector(tmp_path, STAFF.replace("luhn", "lunh"), policy__yaml=SMALL.replace("stage: raw", "stage: rew"))
    )
    assert [line.split(":")[0] for line in told] == [FILE, "policy.yaml"]


# Readers part over the first ones; each is one sign away from one that is accepted.
PATTERNS = [
    ("[[:alpha:]]{3}", "[ inside brackets"), ("[a-z&&[^b]]{3}", "&& inside brackets"), (r"[a\[]b", ""),
    (r"\<word", r"holds \<"), (r"\pLx", r"holds \p"), (r"a\zb", r"holds \z"), (r"\Qa\E", r"holds \Q"), (r"a\1", r"holds \1"),
    ("a{,3}b", "begins no count"), ("a{2,3}b", ""), (r"a\{,3}b", ""), ("[]a]b", "begin with ]"), (r"[\]a]b", ""),
    ("(?i)a|b", "begins with (?"), ("(?i:a)|b", ""), ("(?P<n>a)", "begins with (?"), ("(?:a)", ""), ("(a)", ""),
    ("(?<!a)b", "begins with (?"), ("a++", "refused by RE2"), (r"\Bx", r"\B, which"), (r"[\Dx]y", r"\D cannot be used in brackets"),
    (r"\b", "matches the empty"), ("a|", "matches the empty"), ("(?:^|$)", "matches the empty"), ("a|b", ""),
    ("a{1001}", "refused by RE2"), ("(" * 21 + "a" + ")" * 21, "nests groups"), ("a" * 2001, "at most 2,000"),
    ("№ 1", "NFKC"), ("(?i:é)", "beyond ASCII"), (r"(?i:\xb5g)", "beyond ASCII"), (r"\xb5g", ""), ("é", ""), (r"\x41", ""), (r"\x4", "two hexadecimal"), ("a\\", "ends in a backslash"),
    (r"[\b]x", r"holds \b"), ("(?:(?:x{1,900}){1,900}){1,900}", "refused by RE2"),
]  # fmt: skip


@pytest.mark.parametrize(("pattern", "why"), PATTERNS)
def test_patterns(pattern: str, why: str) -> None:
    said = fault(pattern)
    assert (why in said) if why else said == "", said


HOSTILE = ["(?:a|a)*b", "(?:x+x+)+y", "(?:[a-z]+)*[0-9]", "(?:.*){3}z", "a[^b]{500}c"]


@pytest.mark.parametrize("pattern", HOSTILE)
def test_no_pattern_can_be_made_slow(pattern: str, tmp_path: Path) -> None:
    text = f"{HEAD}pattern: '{pattern}'\nexamples: {{match: ['{MATCH[pattern]}'], no_match: ['-']}}\n"
    detector = own(tmp_path, text)
    frame = pl.DataFrame({"x": ["a" * 10_000, "x" * 10_000, "ab" * 5_000] * 20})
    assert keeps_pace(lambda: classify([frame], (detector,)), 1_000)


MATCH = dict(zip(HOSTILE, ["ab", "xxy", "a1", "z", f"a{'x' * 500}c"], strict=True))


DIFFERENCES = [
    ("luhn", "damm"), ("ST-[0-9]{7}", "ST-[0-9]{6,7}"), ("personalnummer", "personnel"), ("confidential", "restricted"),
    ("[count]", "[counts]"), ("(?i:st)?-?", "(?i:st)?"),
]  # fmt: skip


def test_what_decides_is_in_the_ruleset(tmp_path: Path) -> None:
    from airflow_mlsecops.policy.detectors import DetectorFile, detector_of
    from airflow_mlsecops.policy.tree import read_yaml

    def digest(text: str) -> str:
        root, _ = read_yaml(FILE, text)
        assert root is not None
        return ruleset((detector_of(DetectorFile.model_validate(root.plain()), FILE),))

    every = [digest(STAFF), *(digest(STAFF.replace(old, new)) for old, new in DIFFERENCES)]
    assert len(set(every)) == len(every)
    assert digest(STAFF) == every[0]


ODD = [
    r"(?i:ab|c)[0-9]{2}", r"(?:x|yy)?[A-F]{3}-", r"\$[0-9]+(?:\.[0-9]{2})?", r"№?é[0-9]", "[^a-z]{3}!", r"(a|b)(c|d)\x2e",
    r"\bId: ?[0-9]{1,4}\b", "(?:foo|bar|b)az", r"[\]\[]{2}x", r"a.b", r"\w\W\w", r"[0-9]{3}(?:[- ][0-9]{2}){2}", "ß|straße",
]  # fmt: skip


@pytest.mark.parametrize("pattern", [one for one in ODD if fault(one) == ""])
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_gate_before_a_pattern_misses_what_it_matches(pattern: str, data: st.DataObject) -> None:
    """What is derived from a pattern to sort cells out lets every match through, in a few cells and in many."""
    detector = Detector(
        entity=Entity(name="ODD", title="odd", role=Role.QUASI, level=Level.PUBLIC),
        name="odd",
        pattern=pattern,
        everything=True,
    )
    texts = data.draw(st.lists(st.from_regex(re.compile(pattern, re.ASCII)), min_size=1, max_size=5))
    read = text_of(pl.Series(texts, dtype=pl.String))
    assert read is not None
    held = [text for text in read.to_list() if linear(pattern).search(text)]
    for filler in (0, 600):
        frame = pl.DataFrame({"c1": [*held, *[f"q{number}" for number in range(filler)]]}, schema={"c1": pl.String})
        plain = sum(bool(linear(pattern).search(text)) for text in frame["c1"].to_list())
        rows = [one.rows for one in classify([frame], (detector,)).sightings]
        assert rows == ([plain] if plain else [])
