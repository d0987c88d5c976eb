"""What a run leaves on disk, on this machine's own file systems."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from airflow_mlsecops.core.environment import Spill
from airflow_mlsecops.core.facts import NotObserved, SpillFacts
from airflow_mlsecops.observe import spill

BEGIN = datetime.now(UTC) - timedelta(minutes=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    watched = tmp_path / "watched"
    watched.mkdir()
    return watched


def left(folder: Path, *more: Path, **given: Any) -> SpillFacts:
    said = {"since": BEGIN, "uid": os.getuid(), **given}
    scratch = tuple(str(one) for one in said.pop("scratch", ()))
    profile = Spill(folders=tuple(str(one) for one in (folder, *more)), scratch=scratch)
    facts = spill.observe(profile, **said)
    assert isinstance(facts, SpillFacts), facts
    assert SpillFacts.model_validate_json(facts.model_dump_json()) == facts
    return facts


def put(path: Path, size: int = 10) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * size)
    return path


def test_nothing(folder: Path) -> None:
    (folder / "empty").mkdir()
    assert left(folder) == SpillFacts()


def test_files_are_counted_and_not_named(folder: Path, tmp_path: Path) -> None:
    put(folder / "email=canary@example.com" / "canary.csv", 7)
    put(folder / "b", 3)
    put(tmp_path / "larger" / "c", 90)
    facts = left(folder, tmp_path / "larger")
    assert (facts.files, facts.size) == (3, 100)
    assert facts.folders == (str(tmp_path / "larger"), str(folder)), "the largest first"
    assert "canary" not in facts.model_dump_json()


def test_what_was_there_before_is_not_this_run(folder: Path) -> None:
    put(folder / "a")
    assert left(folder, since=datetime.now(UTC) + timedelta(minutes=1)).files == 0


def test_a_file_that_pretends_to_be_old(folder: Path) -> None:
    os.utime(put(folder / "a"), (0, 0))
    assert left(folder).files == 1


def test_files_of_another_user(folder: Path) -> None:
    put(folder / "a")
    assert left(folder, uid=os.getuid() + 1).files == 0


def test_what_is_meant_for_it(folder: Path, tmp_path: Path) -> None:
    put(folder / "scratch" / "deep" / "a")
    put(folder / "airflow" / "logs" / "b")
    put(folder / "scratch-2" / "near miss", 5)
    (tmp_path / "link").symlink_to(folder / "scratch")
    facts = left(folder, scratch=[tmp_path / "link"], own=[folder / "airflow"])
    assert (facts.files, facts.size) == (1, 5)


def test_links_and_folders_within_folders_count_once(folder: Path, tmp_path: Path) -> None:
    first = put(folder / "deep" / "a")
    os.link(first, folder / "b")
    (folder / "c").symlink_to(first)
    (tmp_path / "again").symlink_to(folder)
    facts = left(folder, folder / "deep", tmp_path / "again")
    assert (facts.files, facts.size) == (1, 10)


def test_a_link_out_of_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    put(tmp_path / "outside" / "a")
    (folder / "out").symlink_to(tmp_path / "outside")
    (folder / "file").symlink_to(tmp_path / "outside" / "a")
    assert left(folder).files == 0


def test_a_deleted_file_that_is_still_open(folder: Path, tmp_path: Path) -> None:
    with tempfile.TemporaryFile(dir=folder) as held, tempfile.TemporaryFile(dir=tmp_path) as elsewhere:
        held.write(b"x" * 30)
        elsewhere.write(b"x" * 30)
        held.flush()
        assert (left(folder).files, left(folder).size) == (1, 30)
        assert left(folder, scratch=[folder]).files == 0


def test_what_is_no_file(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    assert left(folder).files == 0


def test_a_folder_that_is_not_there(folder: Path) -> None:
    assert left(folder, folder / "gone").files == 0
    assert isinstance(spill.observe(Spill(folders=(str(folder / "gone"),)), since=BEGIN, uid=os.getuid()), NotObserved)


def test_a_folder_in_one_of_airflows_own_is_not_passed_over(folder: Path) -> None:
    put(folder / "a", 1_000_000)
    for own in (folder, folder.parent):
        found = spill.observe(Spill(folders=(str(folder),)), since=BEGIN, uid=os.getuid(), own=(own,))
        assert isinstance(found, NotObserved)
    assert left(folder, own=(folder / "logs",)).size == 1_000_000


def test_the_home_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(folder))
    put(folder / "a")
    assert left(Path("~")).folders == (str(folder),)


def test_too_many_files_to_look_at(folder: Path) -> None:
    for name in "abc":
        put(folder / name)
    assert left(folder, most=4).files == 3
    profile = Spill(folders=(str(folder),))
    assert isinstance(spill.observe(profile, since=BEGIN, uid=os.getuid(), most=3), NotObserved)


def test_a_folder_that_may_hold_what_nobody_can_see(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(_: str) -> Any:
        raise PermissionError(13, "closed", str(folder))

    monkeypatch.setattr(os, "scandir", closed)
    profile = Spill(folders=(str(folder),))
    mine = os.geteuid()
    for may_write, owner, expected in (
        (True, mine + 1, NotObserved), (False, mine + 1, SpillFacts), (False, mine, NotObserved),
    ):  # fmt: skip
        monkeypatch.setattr(os, "access", lambda *_, may=may_write: may)
        monkeypatch.setattr(os, "geteuid", lambda user=owner: user)
        assert isinstance(spill.observe(profile, since=BEGIN, uid=os.getuid()), expected)


def test_a_folder_that_lists_its_files_and_shows_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Readable but not searchable (``chmod 400``): a run could hide there what it wrote."""
    put(folder / "closed" / "a")
    seen = os.stat

    def stat(path: Any, **how: Any) -> os.stat_result:
        if str(path).startswith(f"{folder / 'closed'}/"):
            raise PermissionError(13, "closed", str(path))
        return seen(path, **how)

    monkeypatch.setattr(os, "stat", stat)
    monkeypatch.setattr(os, "access", lambda *_: False)
    profile = Spill(folders=(str(folder),))
    mine = os.geteuid()
    for owner, expected in ((mine, NotObserved), (mine + 1, SpillFacts)):
        monkeypatch.setattr(os, "geteuid", lambda user=owner: user)
        assert isinstance(spill.observe(profile, since=BEGIN, uid=os.getuid()), expected)


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="this machine has no file system in memory there")
def test_files_in_memory(folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as memory:
        put(Path(memory) / "a")
        assert left(Path(memory)).in_memory
        put(folder / "b")
        assert left(Path(memory), folder).in_memory is (left(folder).in_memory)


def test_nothing_is_not_in_memory(folder: Path) -> None:
    assert not left(folder).in_memory
