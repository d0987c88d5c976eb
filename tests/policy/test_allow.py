"""Allow rules and leave to sample, as a policy writes them: mistakes at their line, and never the value itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from airflow_mlsecops.core.allow import value_id
from airflow_mlsecops.policy import load
from tests.policy.make import SMALL, folder, mistakes

ID = value_id(b"k" * 32, "EMAIL_ADDRESS", "x")
ALLOW = f"""\
allow:
  - entity: EMAIL_ADDRESS
    dataset: "**/features/**"
    column: contact
    values: [{ID}]
    reason: a mailbox of ours
    until: 2026-12-31
  - entity: "*"
    pattern: '[a-z]+@example\\.com'
    reason: reserved for documentation (RFC 2606)
"""
FIRST = SMALL.count("\n") + 1
CANARY = "zebra.canary@example.org"

WRONG: list[tuple[str, str, str, list[str]]] = [
    ("entity", "entity: EMAIL_ADDRESS", "entity: EMAIL_ADRESS", ["+1: entity 'EMAIL_ADRESS' is not known: did you mean 'EMAIL_ADDRESS'?"]),
    ("dataset", '"**/features/**"', '"/features"', ["+2: '/features' matches nothing"]),
    ("plain value", f"[{ID}]", f"[{ID}, {CANARY}]", ["+4: value 2 is not keyed: never write one down plainly"]),
    ("unkeyed hash", ID, ID[9:], ["+4: value 1 is not keyed"]),
    ("keyed for any", "entity: EMAIL_ADDRESS", "entity: '*'", ["+4: values are keyed for one entity"]),
    ("no reason", "    reason: a mailbox of ours\n", "", ["+1: allow.0.reason: is required"]),
    ("day", "2026-12-31\n  - entity", "soon\n  - entity", ["+6: allow.0.until: expected a date"]),
    ("pattern", "[a-z]+@", "(?=a)[a-z]+@", ["+8: pattern holds a group that begins with (?"]),
    ("pattern of anything", "'[a-z]+@example\\.com'", "'.+'", ["+8: pattern matches anything"]),
    ("pattern of nothing", "'[a-z]+@example\\.com'", "'.*'", ["+8: pattern matches the empty string"]),
    ("everything", "    pattern: '[a-z]+@example\\.com'\n", "", ["+7: allows all of an entity everywhere"]),
    ("everything by stars", "    pattern: '[a-z]+@example\\.com'\n", "    column: '**'\n", ["+7: allows all of an entity everywhere"]),
    ("unknown field", "    column: contact", "    colum: contact", ["+3: unknown field 'allow.0.colum': did you mean 'column'?"]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_mistakes(old: str, new: str, said: list[str], tmp_path: Path) -> None:
    assert old in SMALL + ALLOW
    told = mistakes(folder(tmp_path, policy__yaml=SMALL + ALLOW.replace(old, new, 1)))
    starts = [f"policy.yaml:{FIRST + int(line[1])}{line[2:]}" for line in said]
    assert len(told) == len(starts), told
    assert [line[: len(start)] for line, start in zip(told, starts, strict=True)] == starts
    assert CANARY not in "".join(told)


def test_it_is_read(tmp_path: Path) -> None:
    first, second = load(folder(tmp_path, policy__yaml=SMALL + ALLOW)).policy.allow
    assert first.speaks_of("s3://ml/features/churn")
    assert not first.speaks_of("s3://ml/raw/churn")
    assert second.speaks_of("s3://ml/raw/churn")
    assert (first.whole, second.whole) == (False, False)


TIERS: list[tuple[str, str, str]] = [
    ("no share", "    full_scan_up_to: 1000000\n", "11: full_scan_up_to needs max_undetected"),
    ("no size", "    max_undetected: 0.001\n", "11: max_undetected needs full_scan_up_to"),
    ("no size for a confidence", "    confidence: 0.9\n", "11: confidence needs full_scan_up_to"),
    ("a share of all", "    full_scan_up_to: 10\n    max_undetected: 1\n", "12: tiers.strict.max_undetected: must be at most 0.5"),
    ("certain", "    full_scan_up_to: 10\n    max_undetected: 0.1\n    confidence: 1\n",
     "13: tiers.strict.confidence: must be at most 0.999999"),
    ("unsure", "    full_scan_up_to: 10\n    max_undetected: 0.1\n    confidence: 0.4\n",
     "13: tiers.strict.confidence: must be at least 0.5"),
    ("of no rows", "    full_scan_up_to: 0\n    max_undetected: 0.1\n", "11: tiers.strict.full_scan_up_to: must be at least 1"),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "said"), [row[1:] for row in TIERS], ids=[row[0] for row in TIERS])
def test_mistakes_in_sampling(lines: str, said: str, tmp_path: Path) -> None:
    told = mistakes(
        folder(tmp_path, policy__yaml=SMALL.replace("max_scan_age_hours: 24\n", f"max_scan_age_hours: 24\n{lines}"))
    )
    assert len(told) == 1, told
    assert told[0].startswith(f"policy.yaml:{said}")
