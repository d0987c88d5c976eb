"""What a policy folder brings along reaches the gates: detectors of its own, allow lists, leave to sample."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from airflow_mlsecops.core.verdict import Outcome, Verdict
from airflow_mlsecops.hook import MlsecopsHook
from airflow_mlsecops.operators.errors import GateFailed, GateUnknown
from airflow_mlsecops.policy.keyed import keyed
from tests.operators.lake import CLEAN, Lake
from tests.policy.test_detectors import STAFF

STAFF_ROWS = pl.DataFrame({"note": ["seen ST-1234566", *["nothing"] * 99]})


@pytest.fixture
def lake(deployment: Path) -> Lake:
    os.umask(0o077)
    return Lake(deployment)


def with_detector(lake: Lake) -> Path:
    file = lake.folder / "detectors" / "staff_number.yaml"
    file.parent.mkdir()
    file.write_text(STAFF)
    return file


def verdict(lake: Lake) -> Verdict:
    return lake.records(task_id="classify")[0].verdict


def test_a_detector_of_its_own_stops_a_run(lake: Lake, caplog: pytest.LogCaptureFixture) -> None:
    with_detector(lake)
    lake.features = lake.write("features", STAFF_ROWS)
    with pytest.raises(GateFailed, match="STAFF_NUMBER"):
        lake.run(lake.gates()["classify"])
    assert [(one.entity, one.rows) for one in verdict(lake).sightings] == [("STAFF_NUMBER", 1)]
    assert "1234566" not in caplog.text


def test_access_is_decided_where_the_scan_found_what_only_this_policy_knows(lake: Lake) -> None:
    with_detector(lake)
    lake.edit("  features:\n    up_to: internal\n", "  features:\n    up_to: internal\n    may_hold: [STAFF_NUMBER]\n")
    policy = lake.folder / "policy.yaml"
    policy.write_text(policy.read_text().replace('"role:direct identifier", ', ""))
    lake.features = lake.write("features", STAFF_ROWS)
    gates = lake.gates()
    lake.run(gates["classify"])
    lake.run(gates["isolate"])
    with pytest.raises(GateFailed, match=r"identity-into-model"):
        lake.run(gates["may_train"])


def test_a_record_of_what_is_no_longer_known_is_judged_and_shown(lake: Lake) -> None:
    file = with_detector(lake)
    lake.features = lake.write("features", STAFF_ROWS)
    gates = lake.gates()
    with pytest.raises(GateFailed):
        lake.run(gates["classify"])
    file.unlink()
    file.parent.rmdir()
    lake.run(gates["isolate"])
    with pytest.raises((GateFailed, GateUnknown)) as stopped:
        lake.run(gates["may_train"])
    assert "UNEXPECTED" not in str(stopped.value)
    lake.run(gates["classify"], run_id="r2")
    assert verdict(lake).outcome is Outcome.PASS


def test_the_ruleset_tells_one_detector_from_another(lake: Lake) -> None:
    file = with_detector(lake)
    lake.run(lake.gates()["classify"])
    one = verdict(lake).ruleset
    file.write_text(STAFF.replace("luhn", "luhn # same"))
    lake.run(lake.gates()["classify"])
    assert verdict(lake).ruleset == one
    file.write_text(STAFF.replace("[count]", "[count, sum]"))
    lake.run(lake.gates()["classify"])
    assert verdict(lake).ruleset != one


def allow(lake: Lake, **rule: Any) -> None:
    said = ", ".join(f"{name}: {value}" for name, value in rule.items())
    lake.edit("\nallow: []\n", f"\nallow:\n  - {{{said}, reason: a mailbox of ours}}\n")


def test_an_allowed_value_lets_the_run_go_on_and_is_told(lake: Lake) -> None:
    key = MlsecopsHook().fingerprint_key
    with_address = CLEAN.with_columns(contact=pl.Series(["help@example.com"] * 100))
    lake.features = lake.write("features", with_address)
    with pytest.raises(GateFailed):
        lake.run(lake.gates()["classify"])
    ids = keyed("help@example.com", "EMAIL_ADDRESS", MlsecopsHook().policy.detectors, key)
    allow(lake, entity="EMAIL_ADDRESS", values=f"[{', '.join(ids)}]")
    lake.run(lake.gates()["classify"])
    told = [finding for finding in verdict(lake).findings if finding.code == "ALLOW_LISTED"]
    assert [(one.subject, one.rows, one.of) for one in told] == [("contact", 100, 100)]
    assert (told[0].rule or "").startswith("policy.yaml:")
    assert verdict(lake).sightings == ()


def test_one_that_ended_does_not(lake: Lake) -> None:
    lake.features = lake.write("features", CLEAN.with_columns(contact=pl.Series(["help@example.com"] * 100)))
    allow(lake, entity="EMAIL_ADDRESS", column="contact", until="2020-01-01")
    with pytest.raises(GateFailed, match="this allow rule ended on 2020-01-01"):
        lake.run(lake.gates()["classify"])


MANY = pl.DataFrame({"customer": [f"c{number}" for number in range(20_000)], "usage": range(20_000)})


def sample(lake: Lake) -> None:
    lake.edit(
        "  standard:\n", "  standard:\n    full_scan_up_to: 1000\n    max_undetected: 0.001\n    confidence: 0.95\n"
    )


def test_a_large_dataset_is_judged_by_a_sample_where_the_policy_lets_it(lake: Lake) -> None:
    sample(lake)
    lake.features = lake.write("features", MANY)
    for _ in range(2):
        lake.run(lake.gates()["classify"])
        seen = verdict(lake)
        assert (seen.rows_scanned, seen.rows_present) == (2_995, 20_000)
        assert str(seen.sampled) == (
            "uniform sample: what stands in 0.1 % of them or more was found with 95 % confidence"
        )
        assert [finding.code for finding in seen.findings] == ["NOTHING_SENSITIVE", "SAMPLED"]


def test_what_a_sample_finds_still_stops(lake: Lake) -> None:
    sample(lake)
    lake.features = lake.write("features", MANY.with_columns(contact=pl.lit("ann.sand@posteo.de")))
    with pytest.raises(GateFailed, match="2,995 of 20,000 rows, uniform sample"):
        lake.run(lake.gates()["classify"])


def test_the_same_data_gives_the_same_sample(lake: Lake) -> None:
    sample(lake)
    rare = [("ann.sand@posteo.de" if number % 500 == 0 else None) for number in range(20_000)]
    lake.features = lake.write("features", MANY.with_columns(contact=pl.Series(rare)))
    counted = set()
    for _ in range(2):
        with pytest.raises(GateFailed):
            lake.run(lake.gates()["classify"])
        counted.add(verdict(lake).sightings[0].rows)
    assert len(counted) == 1


def test_small_ones_are_read_to_their_last_row(lake: Lake) -> None:
    sample(lake)
    lake.run(lake.gates()["classify"])
    assert verdict(lake).sampled is None
    assert verdict(lake).rows_scanned == 100
