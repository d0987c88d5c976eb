"""A dataset made harmless on its way to another, on real files."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from airflow_mlsecops.core.gate import Gate
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.verdict import Outcome
from airflow_mlsecops.dag import sealed
from airflow_mlsecops.operators import ClassifyDatasetOperator, SanitizeDatasetOperator
from airflow_mlsecops.operators.errors import GateFailed, GateUnknown
from tests.operators.fakes import context
from tests.operators.lake import MAILS, Lake, Train

ROWS = 100
PHONES = [f"+1 212 555 {n:04d}" for n in range(ROWS)]
# How some branch offices write them.
OTHERS = [f"(212) 555-{n:04d}" for n in range(3)]
CUSTOMERS = pl.DataFrame(
    {
        "email": MAILS,
        "phone": PHONES,
        "birth_date": [f"{1950 + n % 50}-03-{n % 28 + 1:02d}" for n in range(ROWS)],
        "usage": range(ROWS),
        "comment": [f"wrote twice, then asked from {mail} whether it had arrived" for mail in MAILS],
    }
)


class Wash:
    """The lake with customers in it, and the task that makes them harmless."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self.source = lake.write("raw", CUSTOMERS)
        self.target = f"file://{lake.home}/lake/features/safe"
        self.place = Path(self.target.removeprefix("file://"))

    def task(self, **given: Any) -> SanitizeDatasetOperator:
        said = {"dataset": self.source, "target": self.target, **given}
        return SanitizeDatasetOperator(task_id="sanitise", **said)

    def rule(self, line: str) -> None:
        """Put a line in front of the rules for features."""
        self.lake.edit("    sanitize:\n", f"    sanitize:\n      {line}\n")

    def stage(self, line: str) -> None:
        self.lake.edit("  features:\n", f"  features:\n    {line}\n")

    @property
    def written(self) -> pl.DataFrame:
        return pl.read_parquet(self.place / "*.parquet")

    @property
    def record(self) -> Record:
        return self.lake.records(gate=Gate.SANITIZE)[0]

    def codes(self) -> set[str]:
        return {finding.code for finding in self.record.verdict.findings if finding.blocks}


@pytest.fixture
def wash(lake: Lake) -> Wash:
    return Wash(lake)


def test_what_is_written_is_harmless_and_says_so(wash: Wash) -> None:
    around = wash.lake.run(wash.task())
    written, verdict = wash.written, wash.record.verdict
    assert written.columns == CUSTOMERS.columns
    assert written["email"].str.contains("^[0-9a-f]{32}$").all()
    assert written["birth_date"].to_list() == [cell[:4] for cell in CUSTOMERS["birth_date"]]
    assert written["usage"].to_list() == list(range(ROWS))
    assert not written["comment"].str.contains("@").any()
    assert written["comment"].str.starts_with("wrote twice").all()
    assert (verdict.outcome, verdict.dataset, verdict.rows_scanned) == (Outcome.PASS, wash.target, ROWS)
    assert {(one.column, one.changed, one.emptied) for one in verdict.treated if "EMAIL_ADDRESS" in one.entities} == {
        ("comment", ROWS, 0),
        ("email", ROWS, 0),
    }
    assert around["ti"].pushed["verdict"]["outcome"] == "pass"


def test_the_same_value_has_the_same_pseudonym_in_every_table_and_run(wash: Wash) -> None:
    wash.lake.run(wash.task())
    first = wash.written["email"]
    orders = pl.DataFrame({"order": range(ROWS), "ordered_by_email": MAILS[::-1]})
    source = wash.lake.write("raw/orders", orders)
    wash.lake.run(wash.task(dataset=source, target=f"{wash.target}_orders"), run_id="r2")
    second = pl.read_parquet(f"{wash.place}_orders/*.parquet")["ordered_by_email"]
    assert second.to_list() == first.to_list()[::-1]
    assert (
        len({one.key for record in wash.lake.records(gate=Gate.SANITIZE) for one in record.verdict.treated} - {""}) == 1
    )


def test_nothing_is_written_where_a_rule_is_missing(wash: Wash) -> None:
    wash.lake.edit('      "role:direct identifier": pseudonymise\n', "")
    with pytest.raises(GateFailed, match="NO_RULE"):
        wash.lake.run(wash.task())
    assert wash.codes() == {"NO_RULE"}
    assert not wash.place.exists()
    assert wash.record.verdict.treated == ()


def test_a_mask_that_misses_a_format_is_stopped_by_the_rescan(wash: Wash) -> None:
    """The target stays as it was, and what was written is put where nobody reads it."""
    wash.lake.run(wash.task())
    before = wash.written
    wash.lake.write("raw", CUSTOMERS.with_columns(phone=pl.Series([*OTHERS, *PHONES[3:]])))
    wash.rule(r"PHONE_NUMBER: {with: mask, pattern: '\+1 [0-9]{3} [0-9]{3} [0-9]{4}'}")
    with pytest.raises(GateFailed, match="RESIDUE") as caught:
        wash.lake.run(wash.task(), run_id="r2")
    (finding,) = [finding for finding in wash.record.verdict.findings if finding.blocks]
    assert (finding.code, finding.subject, finding.entity) == ("RESIDUE", "phone", "PHONE_NUMBER")
    assert (finding.rows, finding.of) == (3, ROWS)
    assert "3.00 % of the rows still hold it after mask" in str(caught.value)
    assert wash.written.equals(before)
    aside = next(one for one in wash.record.verdict.findings if one.code == "SET_ASIDE")
    assert not any(path.is_relative_to(wash.place) for path in wash.place.parent.rglob("*quarantine*"))
    assert "/.safe.quarantine/" in aside.reason


def test_the_record_is_what_a_seal_asks_for(wash: Wash) -> None:
    sanitise = wash.task()
    train = sealed(Train(task_id="train", trace=wash.lake.trace), dataset=wash.target, requires=[sanitise])
    wash.lake.run(sanitise)
    wash.lake.run(train)
    assert wash.lake.trace.read_text() == "trained"


def test_a_seal_notices_what_was_written_to_the_target_since(wash: Wash) -> None:
    sanitise = wash.task()
    train = sealed(Train(task_id="train", trace=wash.lake.trace), dataset=wash.target, requires=[sanitise])
    wash.lake.run(sanitise)
    CUSTOMERS.write_parquet(wash.place / "late.parquet")
    with pytest.raises(GateFailed, match="SEAL_DATA_CHANGED"):
        wash.lake.run(train)
    assert not wash.lake.trace.exists()


def test_the_record_of_another_dataset_opens_no_seal(wash: Wash) -> None:
    sanitise = wash.task()
    train = sealed(Train(task_id="train", trace=wash.lake.trace), dataset=wash.source, requires=[sanitise])
    wash.lake.run(sanitise)
    with pytest.raises(GateFailed, match="SEAL_NOT_CLASSIFIED"):
        wash.lake.run(train)


def test_a_gate_behind_it_believes_what_was_proven_of_this_very_data(wash: Wash) -> None:
    wash.lake.run(wash.task())
    classify = ClassifyDatasetOperator(task_id="classify", dataset=wash.target)
    wash.lake.run(classify)
    replaced = [f for f in wash.lake.records(gate=Gate.CLASSIFY)[0].verdict.findings if f.code == "ENTITY_REPLACED"]
    assert [finding.subject for finding in replaced] == ["birth_date"]
    wash.written.write_parquet(wash.place / "part-00000.parquet", compression="uncompressed")
    with pytest.raises(GateFailed, match="ENTITY_NOT_ALLOWED"):
        wash.lake.run(classify)


def test_people_who_stand_out_are_told_and_stop_where_the_policy_says_so(wash: Wash) -> None:
    wash.lake.run(wash.task(quasi_identifiers=["usage"]))
    (told,) = [finding for finding in wash.record.verdict.findings if finding.code == "K_ANONYMITY"]
    assert (told.subject, told.required, told.rows) == ("birth_date + usage", False, ROWS)
    wash.stage("k_anonymity: 2")
    wash.lake.run(wash.task(), run_id="r2")
    with pytest.raises(GateFailed, match="K_ANONYMITY"):
        wash.lake.run(wash.task(quasi_identifiers=["usage"]), run_id="r3")


def test_a_sensitive_column_has_to_stay_diverse(wash: Wash) -> None:
    wash.stage("k_anonymity: 2")
    wash.stage("l_diversity: 2")
    same = CUSTOMERS.with_columns(plan=pl.Series([f"p{n % 50}" for n in range(ROWS)]))
    wash.lake.write("raw", same)
    with pytest.raises(GateFailed, match="L_DIVERSITY"):
        wash.lake.run(wash.task(sensitive="plan"))
    wash.lake.write("raw", same.with_columns(plan=pl.Series([f"p{n}" for n in range(ROWS)])))
    wash.lake.run(wash.task(sensitive="plan"), run_id="r2")


def test_a_column_to_group_by_that_is_not_there_is_unknown(wash: Wash) -> None:
    with pytest.raises(GateUnknown, match="QUASI_NOT_GROUPED"):
        wash.lake.run(wash.task(quasi_identifiers=["usgae"]))


def test_the_task_may_add_and_not_take_away(wash: Wash) -> None:
    wash.lake.run(wash.task(rules={"column:comment": "drop", "EMAIL_ADDRESS": {"with": "mask", "keep_last": 4}}))
    assert wash.written.columns == ["email", "phone", "birth_date", "usage"]
    assert wash.written["email"].str.contains("^[0-9a-f]{32}$").all()


def test_hosts_that_share_no_key_make_no_pseudonyms(wash: Wash, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"environment": "local", "ledger": f"sqlite:///{wash.lake.home}/ledger.db"}
    monkeypatch.setenv("AIRFLOW_CONN_MLSECOPS_DEFAULT", json.dumps({"conn_type": "mlsecops", "extra": said}))
    # The ledger of several hosts is no SQLite file either; here it is the key alone that is asked for.
    monkeypatch.setattr("airflow_mlsecops.hook.MlsecopsHook.ledger_url", said["ledger"])
    monkeypatch.setattr("airflow_mlsecops.hook.one_host", lambda: False)
    with pytest.raises(GateUnknown, match="PSEUDONYM_KEY_NOT_SHARED"):
        wash.lake.run(wash.task())
    wash.lake.edit('      "role:direct identifier": pseudonymise\n', '      "role:direct identifier": "null"\n')
    wash.lake.run(wash.task(), run_id="r2")


def test_the_record_names_the_rule_that_was_done(wash: Wash) -> None:
    """Two kinds in one column, of which the stronger rule alone is done."""
    mixed = [f"{mail}" if n % 2 else phone for n, (mail, phone) in enumerate(zip(MAILS, PHONES, strict=True))]
    wash.lake.write("raw", pl.DataFrame({"contact": mixed, "usage": range(ROWS)}))
    wash.rule("PHONE_NUMBER: {with: mask, pattern: 'no such'}")
    wash.rule("EMAIL_ADDRESS: mask")
    wash.lake.run(wash.task())
    assert wash.written["contact"].unique().to_list() == ["****"]
    done = {finding.reason for finding in wash.record.verdict.findings if finding.code == "SANITIZED"}
    assert done == {f"mask: {ROWS} of {ROWS} cells changed"}


@pytest.mark.parametrize(
    "rule",
    [
        {"with": "date_period", "to": "year"},
        {"with": "mask", "keep_last": 4},
        {"with": "mask", "pattern": "1"},
        {"with": "number_bin", "width": 0.000001},
    ],
    ids=str,
)
def test_how_much_may_stay_is_not_the_tasks_to_say(wash: Wash, rule: dict[str, Any]) -> None:
    """An interval of a millionth keeps every number, and a scan does not know it any more."""
    wash.lake.edit("      DATE_OF_BIRTH: {with: date_period, to: year}\n", "")
    for selector in ("DATE_OF_BIRTH", "column:birth_date"):
        with pytest.raises(GateFailed, match="RULE_KEEPS"):
            wash.lake.run(wash.task(rules={selector: rule}))
    assert not wash.place.exists()


def test_what_may_stay_anyway_the_task_may_make_coarser(wash: Wash) -> None:
    wash.lake.write("raw", CUSTOMERS.with_columns(age=pl.Series([20 + n % 60 for n in range(ROWS)])))
    wash.lake.run(wash.task(rules={"AGE": "age_band"}))
    assert set(wash.written["age"]) == {"20-29", "30-39", "40-49", "50-59", "60-69", "70-79"}


@pytest.mark.parametrize("column", ["usage_", "comment.x"])
def test_no_column_of_its_own_is_no_proof_that_people_hide(wash: Wash, column: str) -> None:
    wash.stage("k_anonymity: 5")
    nested = pl.DataFrame({"person": [{"age": 20 + n % 60} for n in range(ROWS)], "usage": [1] * ROWS})
    wash.lake.write("raw", nested)
    for named in ((), (column,)):
        with pytest.raises(GateUnknown, match="QUASI_NOT_GROUPED"):
            wash.lake.run(wash.task(quasi_identifiers=named))


def test_the_sensitive_column_is_none_that_identifies(wash: Wash) -> None:
    wash.stage("k_anonymity: 5")
    with pytest.raises(GateUnknown, match="SENSITIVE_IDENTIFIES"):
        wash.lake.run(wash.task(sensitive="birth_date"))


def test_l_diversity_without_a_column_is_not_forgotten(wash: Wash) -> None:
    wash.stage("k_anonymity: 2")
    wash.stage("l_diversity: 2")
    with pytest.raises(GateUnknown, match="SENSITIVE_UNNAMED"):
        wash.lake.run(wash.task())


def test_files_that_another_rule_speaks_of_are_not_written_under_this_one(wash: Wash) -> None:
    wash.lake.edit("\ndatasets:\n", '\ndatasets:\n  - {match: "**/features/safe/eu/**", stage: export, tier: strict}\n')
    with pytest.raises(GateUnknown, match="OTHER_RULE"):
        wash.lake.run(wash.task(target_partition="eu"))


def test_files_of_a_folder_need_not_have_the_same_columns(wash: Wash) -> None:
    folder = wash.lake.home / "lake" / "raw" / "many"
    folder.mkdir(mode=0o700)
    CUSTOMERS.select("usage").write_parquet(folder / "a.parquet")
    CUSTOMERS.select("email", "usage", age=pl.lit(30)).write_parquet(folder / "b.parquet")
    wash.lake.run(wash.task(dataset=f"file://{folder}"))
    files = sorted(wash.place.glob("*.parquet"))
    assert [pl.read_parquet(file).columns for file in files] == [["usage"], ["email", "usage", "age"]]
    assert pl.read_parquet(files[1])["email"].str.contains("^[0-9a-f]{32}$").all()


def test_a_name_that_is_data_is_not_told(wash: Wash) -> None:
    folder = wash.lake.home / "lake" / "raw" / "many"
    folder.mkdir(mode=0o700)
    CUSTOMERS.write_parquet(folder / "a.parquet")
    (folder / "ada7@example.com.csv").write_text("")
    with pytest.raises(GateUnknown, match="EMPTY_FILE") as caught:
        wash.lake.run(wash.task(dataset=f"file://{folder}"))
    assert "ada7" not in str(caught.value) + wash.record.model_dump_json()


@pytest.mark.parametrize("selector", ["age", "columns:age", "Column:age", "email_address", "role:"])
def test_a_selector_that_is_none_is_an_import_error_of_the_dag(wash: Wash, selector: str) -> None:
    with pytest.raises(ValueError, match="expected an entity's name"):
        wash.task(rules={selector: "drop"})


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        ({"EMAIL_ADDRESS": "dorp"}, "there is no transformation dorp"),
        ({"EMAIL_ADDRESS": {"with": "mask", "keep_last": 9}}, "keep_last"),
        ({"EMAIL_ADDRESS": 3}, "expected the name of a transformation"),
    ],
)
def test_a_mistake_in_a_rule_is_an_import_error_of_the_dag(wash: Wash, rules: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        wash.task(rules=rules)


@pytest.mark.parametrize("way", ["itself", "inside it", "a link to it"])
def test_the_source_is_never_the_target(wash: Wash, way: str) -> None:
    link = wash.lake.home / "lake" / "features" / "link"
    link.symlink_to(Path(wash.source.removeprefix("file://")))
    folder = wash.source.rpartition("/")[0]
    target = {"itself": wash.source, "inside it": f"{folder}/safe", "a link to it": f"file://{link}"}[way]
    source = folder if way == "inside it" else wash.source
    before = Path(wash.source.removeprefix("file://")).read_bytes()
    with pytest.raises(GateUnknown, match="TARGET_IS_SOURCE"):
        wash.lake.run(wash.task(dataset=source, target=target))
    assert Path(wash.source.removeprefix("file://")).read_bytes() == before


def test_a_source_that_cannot_be_read_to_its_end_leaves_no_target(wash: Wash) -> None:
    Path(wash.source.removeprefix("file://")).write_bytes(b"PAR1 no parquet")
    with pytest.raises(GateUnknown):
        wash.lake.run(wash.task())
    assert not wash.place.exists()
    assert list(wash.place.parent.iterdir()) == [wash.place.parent / "churn.parquet"]


def test_a_source_of_which_rows_are_missing_leaves_no_target(wash: Wash, monkeypatch: pytest.MonkeyPatch) -> None:
    """A footer that speaks of one row more than came."""
    from airflow_mlsecops.sources.tree import Tree

    monkeypatch.setattr(Tree, "rows_present", lambda _: ROWS + 1)
    with pytest.raises(GateUnknown, match="NOT_ALL_ROWS"):
        wash.lake.run(wash.task())
    assert not wash.place.exists()
    assert wash.record.verdict.treated == ()


def test_a_source_that_changes_meanwhile_is_unknown(wash: Wash, monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow_mlsecops.operators import treat

    rows = treat._rows

    def late(source: Any) -> Any:
        yield from rows(source)
        wash.lake.write("raw", CUSTOMERS.head(50))

    monkeypatch.setattr(treat, "_rows", late)
    with pytest.raises(GateUnknown, match="CHANGED_DURING_SCAN"):
        wash.lake.run(wash.task())
    assert not wash.place.exists()


def test_observe_mode_publishes_what_would_have_been_stopped_and_says_so(
    wash: Wash, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"conn_type": "mlsecops", "extra": {"environment": "local", "mode": "observe"}}
    monkeypatch.setenv("AIRFLOW_CONN_MLSECOPS_DEFAULT", json.dumps(said))
    wash.lake.edit("baseline_days: 90", "baseline_days: 90\nobserve_until: 2099-01-01")
    wash.rule(r"PHONE_NUMBER: {with: mask, pattern: 'nothing'}")
    wash.lake.run(wash.task())
    assert (wash.record.verdict.outcome, wash.record.verdict.enforced) == (Outcome.FAIL, False)
    assert wash.written["phone"].to_list() == PHONES


def test_tables_are_read_and_written_with_their_types(wash: Wash, monkeypatch: pytest.MonkeyPatch) -> None:
    path = wash.lake.home / "crm.db"
    with closing(sqlite3.connect(path)) as crm, crm:
        crm.execute("create table customers (email text, phone text, usage integer, share real)")
        crm.executemany(
            "insert into customers values (?, ?, ?, ?)", zip(MAILS, PHONES, range(ROWS), [0.5] * ROWS, strict=True)
        )
    path.chmod(0o600)
    monkeypatch.setenv("AIRFLOW_CONN_CRM", json.dumps({"conn_type": "sqlite", "host": str(path)}))
    wash.lake.edit(
        "\ndatasets:\n", '\ndatasets:\n  - {match: "sqlite:///**/crm.db/main.safe", stage: features, tier: standard}\n'
    )
    wash.lake.run(wash.task(dataset="sql://CRM/customers", target="sql://CRM/safe"))
    with closing(sqlite3.connect(path)) as crm:
        rows = crm.execute(
            "select email, usage, share, typeof(usage), typeof(share) from safe order by usage"
        ).fetchall()
        tables = {name for (name,) in crm.execute("select name from sqlite_master")}
    assert [row[1:] for row in rows] == [(n, 0.5, "integer", "real") for n in range(ROWS)]
    assert all(len(row[0]) == 32 for row in rows)
    assert tables == {"customers", "safe"}
    wash.lake.run(wash.task(dataset="sql://CRM/customers"), run_id="r2")
    assert wash.written.schema["usage"] == pl.Int64
    assert wash.written.schema["share"] == pl.Float64


def test_partitions_are_replaced_one_by_one(wash: Wash) -> None:
    raw = wash.lake.home / "lake" / "raw" / "days"
    for day in ("d1", "d2"):
        (raw / day).mkdir(parents=True, mode=0o700)
        CUSTOMERS.write_parquet(raw / day / "a.parquet")
    for run, day in enumerate(("d1", "d2", "d1")):
        task = wash.task(dataset=f"file://{raw}", partition=f"{day}/")
        wash.lake.run(task, run_id=f"r{run}")
    assert sorted(path.relative_to(wash.place).as_posix() for path in wash.place.rglob("*.parquet")) == [
        "d1/part-00000.parquet",
        "d2/part-00000.parquet",
    ]
    assert wash.record.verdict.partition == "d1/"


def test_no_value_and_no_pseudonym_key_leaves_the_task(wash: Wash, capfd: pytest.CaptureFixture[str]) -> None:
    around = context(wash.task())
    with pytest.raises(GateFailed) as caught:
        wash.task(rules={"column:nothing": "drop"}).execute(around)
    told = f"{caught.value} {around['ti'].pushed} {wash.record.model_dump_json()} {''.join(capfd.readouterr())}"
    assert not [value for value in (*MAILS, *PHONES) if value in told]
    assert "NO_SUCH_COLUMN" in told
