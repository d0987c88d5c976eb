"""Files that offend are moved where no reader of their dataset comes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from upath import UPath

from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources import Source, members_of, open_member, open_source, set_aside
from tests.sources._clients import Clients, SqliteDatabase, cells
from tests.sources.targets.test_target_objects import S3, Store, endpoint, memory, refuse, s3, store  # noqa: F401

CSV = b"id,note\n1,ann\n2,bob\n"
NAMES = ["day=1/[a]*.csv", "day=1/b.csv", "day=2/c.csv", "top.csv"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in [*NAMES, "day=1/_SUCCESS"]:
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"" if name.endswith("_SUCCESS") else CSV)
    return tmp_path / "data"


def aside(uri: Any, names: list[str], clients: Clients | None = None, run: str = "r1") -> str:
    return set_aside(parse(str(uri)), names, clients or Clients(), run=run)


def names_of(source: Source) -> list[str]:
    return [member.name for member in members_of(source)]


def code_of(uri: Any, names: list[str], clients: Clients | None = None) -> str:
    with pytest.raises(SourceError) as caught:
        aside(uri, names, clients)
    assert caught.value.__context__ is None
    return caught.value.code


def test_members_have_the_names_of_the_dataset(folder: Path) -> None:
    dataset = parse(str(folder))
    assert names_of(open_source(dataset, "", Clients())) == sorted(NAMES)
    assert names_of(open_source(dataset, "day=1", Clients())) == NAMES[:2]
    for name in NAMES:
        one = open_member(dataset, name, Clients())
        assert (len(cells(one)), names_of(one), one.identity) == (2, [name], f"file://{folder}")
    assert cells(open_member(dataset, "day=2/c.csv", Clients()))[0]["day"] == "2"
    whole = open_source(dataset, "", Clients()).fingerprint(b"key")
    assert open_member(dataset, NAMES[0], Clients()).fingerprint(b"key").parts < whole.parts


def test_a_change_of_a_member_is_noticed(folder: Path) -> None:
    one = open_member(parse(str(folder)), "top.csv", Clients())
    before = one.fingerprint(b"key")
    (folder / "top.csv").write_bytes(CSV + b"3,eve\n")
    assert one.fingerprint(b"key") != before
    assert len(cells(one)) == 3


def test_files_are_moved_aside(folder: Path) -> None:
    place = aside(folder, NAMES[:2])
    assert place == f"file://{folder.parent}/.data.quarantine/r1"
    assert names_of(open_source(parse(str(folder)), "", Clients())) == NAMES[2:]
    assert names_of(open_source(parse(place), "", Clients())) == NAMES[:2]
    assert (folder.parent / ".data.quarantine").stat().st_mode & 0o777 == 0o700
    # a file of that name comes again, and offends again
    (folder / NAMES[1]).write_bytes(CSV + b"3,eve\n")
    assert aside(folder, [NAMES[1]]) == f"file://{folder.parent}/.data.quarantine/r1-2"
    assert len(cells(open_source(parse(place), "", Clients()))) == 4


def test_a_file_that_is_the_dataset_is_moved_aside(folder: Path) -> None:
    dataset = parse(str(folder / "top.csv"))
    assert len(cells(open_member(dataset, "top.csv", Clients()))) == 2
    place = aside(folder / "top.csv", ["top.csv"])
    assert place == f"file://{folder}/.top.csv.quarantine/r1"
    assert not (folder / "top.csv").exists()
    assert len(cells(open_source(parse(place), "", Clients()))) == 2


WRONG: list[tuple[list[str], str]] = [
    ([], "NOT_FOUND"),
    (["nowhere.csv"], "NOT_FOUND"),
    (["top.csv", "nowhere.csv"], "NOT_FOUND"),
    (["../data/top.csv"], "NOT_FOUND"),
    (["day=1"], "NOT_FOUND"),
    (["day=1/_SUCCESS"], "NOT_FOUND"),
]


@pytest.mark.parametrize(("names", "code"), WRONG)
def test_what_is_not_there_is_an_error_and_nothing_is_moved(names: list[str], code: str, folder: Path) -> None:
    assert code_of(folder, names) == code
    assert names_of(open_source(parse(str(folder)), "", Clients())) == sorted(NAMES)
    assert not (folder.parent / ".data.quarantine").exists()


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../x.csv", "a//b", "nowhere.csv", "day=1", "a\0"])
def test_a_member_that_is_none_is_an_error(name: str, folder: Path) -> None:
    (folder.parent / "x.csv").write_bytes(CSV)
    with pytest.raises(SourceError) as caught:
        list(open_member(parse(str(folder)), name, Clients()).batches())
    assert caught.value.code in ("NOT_FOUND", "UNREADABLE")


def test_a_file_that_belongs_elsewhere_is_left_where_it_is(folder: Path) -> None:
    (folder.parent / "other").mkdir()
    (folder.parent / "other/x.csv").write_bytes(CSV)
    (folder / "link.csv").symlink_to(folder.parent / "other/x.csv")
    (folder / "linked").symlink_to(folder.parent / "other")
    (folder / "linked").unlink()
    assert code_of(folder, ["top.csv", "link.csv"]) == "QUARANTINE_NOT_SUPPORTED"
    (folder / "link.csv").unlink()
    (folder / "linked").symlink_to(folder.parent / "other")
    assert code_of(folder, ["linked/x.csv"]) == "QUARANTINE_NOT_SUPPORTED"
    assert (folder.parent / "other/x.csv").read_bytes() == CSV


def test_tables_and_frames_are_refused(tmp_path: Path) -> None:
    clients = Clients(databases={"db": SqliteDatabase(str(tmp_path / "a.db"))}, frames={"task": []})
    for uri in ("sql://db/churn", "xcom://task"):
        assert code_of(uri, ["x"], clients) == "QUARANTINE_NOT_SUPPORTED"
        with pytest.raises(SourceError) as caught:
            open_member(parse(uri), "x", clients)
        assert caught.value.code == "QUARANTINE_NOT_SUPPORTED"
        with pytest.raises(SourceError) as caught:
            members_of(open_source(parse(uri), "", clients))
        assert caught.value.code == "QUARANTINE_NOT_SUPPORTED"


def test_what_was_moved_is_told_if_the_rest_cannot_be(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename = os.rename
    monkeypatch.setattr(os, "rename", lambda one, other: 1 / 0 if "day=2" in str(one) else rename(one, other))
    with pytest.raises(SourceError, match="2 of 4") as caught:
        aside(folder, NAMES)
    assert caught.value.code == "QUARANTINE_INCOMPLETE"
    monkeypatch.undo()
    assert names_of(open_source(parse(str(folder)), "", Clients())) == NAMES[2:]


# --- object stores


def test_objects_are_moved_aside(store: Store) -> None:  # noqa: F811
    for name in NAMES:
        store.put(f"data/{name}", CSV)
    uri = store.uri("data")
    clients = store.clients(uri)
    assert names_of(store.source("data", "day=1")) == NAMES[:2]
    assert len(cells(open_member(parse(uri), NAMES[0], clients))) == 2
    for run, kept in (("r1", "r1"), ("r1", "r1-2")):
        place = aside(uri, NAMES[:2], clients, run)
        assert place == f"{store.scheme}://conn@bucket/.data.quarantine/{kept}"
        assert names_of(store.source("data")) == NAMES[2:]
        assert {f".data.quarantine/{kept}/{name}" for name in NAMES[:2]} <= store.keys()
        for name in NAMES[:2]:
            store.put(f"data/{name}", CSV)
    assert code_of(uri, ["nowhere.csv"], clients) == "NOT_FOUND"
    with pytest.raises(SourceError) as caught:
        list(open_member(parse(uri), "nowhere.csv", clients).batches())
    assert caught.value.code == "NOT_FOUND"


def test_an_object_that_is_the_dataset_is_moved_aside(store: Store) -> None:  # noqa: F811
    store.put("deep/x.csv", CSV)
    uri = store.uri("deep/x.csv")
    assert len(cells(open_member(parse(uri), "x.csv", store.clients(uri)))) == 2
    assert aside(uri, ["x.csv"], store.clients(uri)) == f"{store.scheme}://conn@bucket/deep/.x.csv.quarantine/r1"
    assert store.keys() == {"deep/.x.csv.quarantine/r1/x.csv"}


def test_an_object_and_one_below_it_of_the_same_name_are_not_taken_for_each_other(s3: S3) -> None:  # noqa: F811
    for key in ("data.csv", "data.csv/data.csv"):
        s3.put(key, CSV)
    uri = s3.uri("data.csv")
    assert code_of(uri, ["data.csv"], s3.clients(uri)) == "NOT_FOUND"
    assert s3.keys() == {"data.csv", "data.csv/data.csv"}


def test_an_object_that_changes_while_it_is_copied_stays(
    memory: Store,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    memory.put("data/x.csv", CSV)
    fs = UPath("memory://bucket").fs
    copy = type(fs).cp_file

    def change(self: Any, one: str, other: str, **options: Any) -> None:
        copy(self, one, other, **options)
        memory.put("data/x.csv", CSV.replace(b"ann", b"eve"))

    monkeypatch.setattr(type(fs), "cp_file", change)
    uri = memory.uri("data")
    assert code_of(uri, ["x.csv"], memory.clients(uri)) == "QUARANTINE_INCOMPLETE"
    assert b"eve" in memory.get("data/x.csv")


def test_an_object_that_may_not_be_deleted_is_told(memory: Store, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    memory.put("data/x.csv", CSV)
    refuse(monkeypatch, UPath("memory://bucket").fs, "rm_file", "data/x.csv")
    uri = memory.uri("data")
    assert code_of(uri, ["x.csv"], memory.clients(uri)) == "QUARANTINE_INCOMPLETE"


def test_a_whole_bucket_is_refused(memory: Store) -> None:  # noqa: F811
    memory.put("x.csv", CSV)
    uri = "memory://conn@bucket"
    assert code_of(uri, ["x.csv"], Clients(paths={uri: UPath("memory://bucket")})) == "QUARANTINE_NOT_SUPPORTED"
