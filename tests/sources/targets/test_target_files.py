"""Local files and folders: replaced as a whole or not at all."""

from __future__ import annotations

import errno
import os
import resource
import signal
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import polars as pl
import pytest

from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources import Source, Staging, Target
from airflow_mlsecops.sources.targets import parts
from tests.sources.targets._frames import (
    CANARY,
    FRAME,
    OTHER,
    assert_value_free,
    error_of,
    replaced,
    source_of,
    target_of,
    whole,
)

PLACES = ["x.parquet", "x.csv", "x.jsonl", "folder", "folder.v2"]


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def texts(source: Source) -> list[object]:
    return [None if cell is None else str(cell) for cell in whole(source)["note"].to_list()]


@pytest.mark.parametrize("name", PLACES)
def test_what_is_there_is_replaced(name: str, tmp_path: Path) -> None:
    place = tmp_path / name
    for frame, notes in ((FRAME, ["ann", "bob", None]), (OTHER, ["eve"])):
        target = target_of(place)
        replaced(target, frame)
        assert texts(source_of(place)) == notes
        assert target.identity == source_of(place).identity == f"file://{place}"
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert place.is_dir() == name.startswith("folder")


@pytest.mark.parametrize(
    ("partition", "file"), [("day=1", "part-00000.parquet"), ("a/b/", "part-00000.parquet"), ("day=1/x.csv", "x.csv")]
)
def test_a_partition_alone_is_replaced(partition: str, file: str, tmp_path: Path) -> None:
    root = tmp_path / "root"
    replaced(target_of(root, "day=0"), FRAME)
    before = contents(root)
    for frame in (FRAME, OTHER):
        replaced(target_of(root, partition), frame)
    assert {name: content for name, content in contents(root).items() if name in before} == before
    assert texts(source_of(root, partition)) == ["eve"]
    assert len(contents(root)) == 2
    assert any(name.endswith(file) for name in contents(root))
    assert [path.name for path in tmp_path.iterdir()] == ["root"]


def test_the_whole_dataset_is_replaced_with_all_its_partitions(tmp_path: Path) -> None:
    for day in range(3):
        replaced(target_of(tmp_path / "root", f"day={day}"), FRAME)
    (tmp_path / "root/_SUCCESS").touch()
    replaced(target_of(tmp_path / "root"), OTHER)
    assert list(contents(tmp_path)) == ["root/part-00000.parquet"]


# --- what is staged


def test_what_is_staged_is_seen_as_it_will_be(tmp_path: Path) -> None:
    target = target_of(tmp_path / "root", "mail=ada%40example.com")
    with target.staging() as staging:
        staging.write(OTHER)
        staging.finish()
        source = staging.source()
        # What the folder's name tells is looked at with the rest.
        assert whole(source)["mail"].to_list() == ["ada@example.com"]
        assert source.identity == target.identity == f"file://{tmp_path}/root"
        assert source.rows_present() == 1
        before, places = source.fingerprint(b"key"), source.places()  # type: ignore[attr-defined]
        staging.publish()
    published = source_of(tmp_path / "root", "mail=ada%40example.com")
    assert published.fingerprint(b"key") == before
    assert published.places() == places  # type: ignore[attr-defined]


def broken_off(target: Target, steps: list[Callable[[Staging], object]]) -> None:
    with target.staging() as staging:
        for step in steps:
            step(staging)
        raise ZeroDivisionError


@pytest.mark.parametrize("name", PLACES)
def test_nothing_is_left_if_the_block_raises(name: str, tmp_path: Path) -> None:
    replaced(target_of(tmp_path / name), FRAME)
    before = contents(tmp_path)
    steps: list[Callable[[Staging], object]] = [lambda staging: staging.write(OTHER), lambda staging: staging.finish()]
    for stage in range(3):
        with pytest.raises(ZeroDivisionError):
            broken_off(target_of(tmp_path / name), steps[:stage])
        assert contents(tmp_path) == before
    with target_of(tmp_path / name).staging() as staging:
        staging.write(OTHER)
        staging.finish()
    assert contents(tmp_path) == before


def test_folders_that_were_made_for_it_are_left_only_if_it_is_there(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), target_of(tmp_path / "a/b/x.csv").staging():
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []
    replaced(target_of(tmp_path / "a/b/x.csv"), FRAME)
    assert list(contents(tmp_path)) == ["a/b/x.csv"]


MISUSES: list[Callable[[Staging], object]] = [
    lambda staging: staging.publish(),
    lambda staging: staging.set_aside(),
    lambda staging: staging.source(),
    lambda staging: (staging.finish(), staging.write(FRAME)),
    lambda staging: (staging.finish(), staging.publish(), staging.publish()),
    lambda staging: (staging.finish(), staging.set_aside(), staging.publish()),
]


@pytest.mark.parametrize("misuse", MISUSES)
def test_what_is_not_finished_is_never_published(misuse: Callable[[Staging], object], tmp_path: Path) -> None:
    with target_of(tmp_path / "x.csv").staging() as staging:
        staging.write(FRAME)
        with pytest.raises(RuntimeError):
            misuse(staging)


def test_after_a_write_that_failed_nothing_is_published(tmp_path: Path) -> None:
    with target_of(tmp_path / "x.csv").staging() as staging:
        staging.write(FRAME)
        with pytest.raises(SourceError):
            staging.write(FRAME.drop("ok"))
        for step in (lambda: staging.write(FRAME), staging.finish, staging.publish):
            with pytest.raises(RuntimeError):
                step()
    assert list(tmp_path.iterdir()) == []


def test_what_is_staged_is_for_its_owner_alone(tmp_path: Path) -> None:
    with target_of(tmp_path / "root", "day=1").staging() as staging:
        staging.write(FRAME)
        staging.finish()
        (folder,) = tmp_path.iterdir()
        assert folder.name == ".root.staging-r1"
        assert {mode(path) for path in (folder, *folder.rglob("*"))} == {0o700, 0o600}


def test_a_run_leaves_what_another_has_staged(tmp_path: Path) -> None:
    with target_of(tmp_path / "root", "day=1", run="r1").staging() as one:
        one.write(FRAME)
        with target_of(tmp_path / "root", "day=2", run="r2").staging() as other:
            other.write(OTHER)
            other.finish()
            other.publish()
        one.finish()
        one.publish()
    assert sorted(contents(tmp_path)) == ["root/day=1/part-00000.parquet", "root/day=2/part-00000.parquet"]


@pytest.mark.parametrize("run", ["", "a b", "../x", "R1", "a" * 33, "a\n"])
def test_a_run_that_is_no_id_is_refused(run: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="short id"):
        target_of(tmp_path / "x.csv", run=run)


# --- modes


@pytest.mark.parametrize(("umask", "file", "folder"), [(0o022, 0o600, 0o700), (0o277, 0o400, 0o500)])
def test_a_new_place_is_for_its_owner_alone(umask: int, file: int, folder: int, tmp_path: Path) -> None:
    if umask == 0o277 and os.geteuid():
        pytest.skip("only root writes into a folder that it may not write to")
    old = os.umask(umask)
    try:
        for name in ("x.csv", "root"):
            replaced(target_of(tmp_path / name), FRAME)
    finally:
        os.umask(old)
    assert (mode(tmp_path / "x.csv"), mode(tmp_path / "root")) == (file, folder)
    assert mode(tmp_path / "root/part-00000.parquet") == file


@pytest.mark.parametrize(
    ("had", "file", "folder"), [(0o750, 0o640, 0o750), (0o644, 0o644, None), (0o2775, 0o664, 0o2775)]
)
def test_modes_of_what_is_replaced_stay(had: int, file: int, folder: int | None, tmp_path: Path) -> None:
    replaced(target_of(tmp_path / "x.csv"), FRAME)
    (tmp_path / "x.csv").chmod(had & 0o666)
    replaced(target_of(tmp_path / "x.csv"), OTHER)
    assert mode(tmp_path / "x.csv") == file
    if folder is not None:
        replaced(target_of(tmp_path / "root"), FRAME)
        (tmp_path / "root").chmod(had)
        for partition in ("", "day=1/hour=2"):
            replaced(target_of(tmp_path / "root", partition), OTHER)
        assert {mode(path) for path in (tmp_path / "root").rglob("*")} == {file, folder}


# --- folders of several files


def test_files_of_a_folder_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_PART_BYTES", 2_000)
    rows = pl.DataFrame({"a": [os.urandom(20).hex() for _ in range(1_000)]})
    replaced(target_of(tmp_path / "root", format="csv"), *rows.iter_slices(50))
    assert len(contents(tmp_path)) == 20
    assert whole(source_of(tmp_path / "root")).equals(rows)


def test_files_with_other_columns_stay_files_of_their_own(tmp_path: Path) -> None:
    replaced(target_of(tmp_path / "root"), FRAME, FRAME, OTHER.drop("ok"), FRAME)
    assert [batch.width for batch in source_of(tmp_path / "root").batches()] == [3, 2, 3]
    for other in (OTHER.drop("ok"), OTHER.select("note", "id", "ok"), OTHER.cast({"id": pl.String})):
        error = error_of(target_of(tmp_path / "x.csv"), FRAME, other)
        assert error.code == "SCHEMA_CHANGED"
    assert "column[1]" in str(error)


def test_a_column_that_the_folder_names_is_not_written_twice(tmp_path: Path) -> None:
    frame = OTHER.with_columns(pl.lit("IT").alias("country"), pl.lit(None, pl.String).alias("city"))
    target = target_of(tmp_path / "root", "country=IT/city=__HIVE_DEFAULT_PARTITION__")
    replaced(target, frame)
    assert whole(source_of(tmp_path / "root")).equals(frame)
    for value in (CANARY, None):
        error = error_of(target, frame, frame.with_columns(pl.lit(value, pl.String).alias("country")))
        assert error.code == "PARTITION_MISMATCH"
        assert_value_free(error)
    assert whole(source_of(tmp_path / "root")).equals(frame)


# --- formats


@pytest.mark.parametrize(
    ("name", "format", "written"),
    [
        ("root", None, "root/part-00000.parquet"),
        ("root", "csv", "root/part-00000.csv"),
        ("root", "jsonl.gz", "root/part-00000.jsonl.gz"),
        ("X.CSV", None, "X.CSV"),
        ("x.ndjson", "jsonl", "x.ndjson"),
        ("x.csv", "parquet", "TARGET_FORMAT"),
        ("x.csv", "xlsx", "TARGET_FORMAT"),
        ("root", "feather", "TARGET_FORMAT"),
    ],
)
def test_the_format_is_what_the_name_or_the_author_says(
    name: str, format: str | None, written: str, tmp_path: Path
) -> None:
    if written == "TARGET_FORMAT":
        with pytest.raises(SourceError) as caught:
            target_of(tmp_path / name, format=format)
        assert caught.value.code == written
    else:
        replaced(target_of(tmp_path / name, format=format), FRAME)
        assert list(contents(tmp_path)) == [written]


# --- set aside


@pytest.mark.parametrize(("name", "partition"), [("x.csv", ""), ("root", ""), ("root", "day=1")])
def test_what_is_set_aside_is_out_of_reach_and_never_overwritten(name: str, partition: str, tmp_path: Path) -> None:
    replaced(target_of(tmp_path / name, partition), FRAME)
    before = contents(tmp_path)
    places = []
    for _ in range(2):
        with target_of(tmp_path / name, partition).staging() as staging:
            staging.write(OTHER)
            staging.finish()
            places.append(staging.set_aside())
    assert places == [f"file://{tmp_path}/.{name}.quarantine/{run}" for run in ("r1", "r1-2")]
    assert contents(tmp_path).items() > before.items()
    assert texts(source_of(tmp_path / name)) == ["ann", "bob", None]
    assert [texts(source_of(place)) for place in places] == [["eve"], ["eve"]]
    assert mode(tmp_path / f".{name}.quarantine") == 0o700


# --- odd places


def odd_places(root: Path) -> Iterator[tuple[str, str, str]]:
    (root / "plain").write_text("x")
    (root / "dangling").symlink_to(root / "nowhere")
    (root / "loop").symlink_to(root / "loop")
    os.mkfifo(root / "pipe.csv")
    (root / "real").mkdir()
    (root / "data").mkdir()
    (root / "data/day").symlink_to(root / "real")
    yield "plain", "", "TARGET_NOT_SUPPORTED"
    yield "plain/x.csv", "", "TARGET_NOT_SUPPORTED"
    yield "plain", "day", "TARGET_NOT_SUPPORTED"
    yield "dangling", "", "TARGET_NOT_SUPPORTED"
    yield "dangling/x.csv", "", "TARGET_NOT_SUPPORTED"
    yield "loop", "", "UNREADABLE"
    yield "pipe.csv", "", "TARGET_NOT_SUPPORTED"
    yield "data", "day", "TARGET_NOT_SUPPORTED"
    yield "data", "day/x.csv", "TARGET_NOT_SUPPORTED"
    yield "data", "../data", "PARTITION_INVALID"
    yield "x" * 250 + ".csv", "", "TARGET_UNWRITABLE"


def test_odd_places_are_refused(tmp_path: Path) -> None:
    for name, partition, code in odd_places(tmp_path):
        before = sorted(tmp_path.rglob("*"))
        with pytest.raises(SourceError) as caught:
            replaced(target_of(tmp_path / name, partition), FRAME)
        assert caught.value.code == code, name
        assert sorted(tmp_path.rglob("*")) == before
    with pytest.raises(SourceError):
        target_of("file:///")


@pytest.mark.parametrize("name", ["notes.txt", "deep/model.pkl", "_SUCCESS"])
def test_a_folder_with_other_things_in_it_is_not_replaced(name: str, tmp_path: Path) -> None:
    replaced(target_of(tmp_path / "root"), FRAME)
    (tmp_path / "root" / name).parent.mkdir(exist_ok=True)
    (tmp_path / "root" / name).write_text(CANARY)
    error = error_of(target_of(tmp_path / "root"), OTHER)
    assert error.code == "TARGET_NOT_A_DATASET"
    assert Path(name).name in str(error)
    assert (tmp_path / "root" / name).read_text() == CANARY


def test_a_link_to_the_target_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    for name in ("x.csv", "root"):
        replaced(target_of(tmp_path / "real" / name), FRAME)
        (tmp_path / name).symlink_to(tmp_path / "real" / name)
        target = target_of(tmp_path / name)
        assert target.identity == f"file://{tmp_path}/real/{name}"
        replaced(target, OTHER)
        assert (tmp_path / name).is_symlink()
        assert texts(source_of(tmp_path / name)) == ["eve"]


def test_a_staging_that_somebody_planted_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious/x").write_text("x")
    (tmp_path / ".root.staging-r1").symlink_to(tmp_path / "precious")
    replaced(target_of(tmp_path / "root"), FRAME)
    assert contents(tmp_path / "precious") == {"x": b"x"}
    (tmp_path / ".root.quarantine").symlink_to(tmp_path / "precious")
    with target_of(tmp_path / "root").staging() as staging:
        staging.write(FRAME)
        staging.finish()
        with pytest.raises(SourceError):
            staging.set_aside()
    assert contents(tmp_path / "precious") == {"x": b"x"}


# --- what goes wrong


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    """A file system of its own."""
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("nobody may mount a file system here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("name", ["x.csv", "root"])
def test_a_folder_that_may_not_be_written_to_is_an_error(name: str, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    # root may write to any folder, unless it is on a disk that nobody may write to
    with mounted(tmp_path / "closed", "ro") if os.geteuid() == 0 else nullcontext():
        error = error_of(target_of(tmp_path / "closed" / name), FRAME)
    assert error.code == "TARGET_UNWRITABLE"
    assert "where" in str(error)


@pytest.mark.parametrize("name", ["x.csv", "root"])
@pytest.mark.parametrize("failing", ["rename", "fsync"])
def test_what_fails_at_the_last_step_leaves_the_old(
    name: str, failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced(target_of(tmp_path / name), FRAME)
    before = contents(tmp_path)
    rename = os.rename

    def fail(*arguments: object) -> None:
        if failing == "fsync" or ".staging-" in str(arguments[0]):
            raise OSError(errno.EDQUOT, CANARY)
        rename(*arguments)  # type: ignore[arg-type]

    for function in ("fsync",) if failing == "fsync" else ("rename", "replace"):
        monkeypatch.setattr(os, function, fail)
    error = error_of(target_of(tmp_path / name), OTHER)
    assert error.code == "TARGET_FULL"
    assert_value_free(error)
    assert contents(tmp_path) == before


WRITER = """
import os, resource
import polars as pl
from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.errors import SourceError
from airflow_mlsecops.sources import LocalClients, open_target
{before}
rows = pl.DataFrame({{"id": range(20_000), "note": [os.urandom(8).hex() for _ in range(20_000)]}})
try:
    with open_target(parse({uri!r}), {partition!r}, LocalClients(), run="r0").staging() as staging:
        for number in range({frames}):
            staging.write(rows)
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, flush=True)
        staging.finish()
        {at_end}
        staging.publish()
except SourceError as error:
    print(error.code, error.__context__)
"""


def writer(uri: str, before: str = "", at_end: str = "", frames: int = 3, partition: str = "") -> list[str]:
    code = textwrap.dedent(WRITER).format(uri=uri, before=before, at_end=at_end, frames=frames, partition=partition)
    return [sys.executable, "-c", code]


def written_by(uri: str, before: str) -> str:
    """The code with which a process of its own fails."""
    done = subprocess.run(writer(uri, before), capture_output=True, text=True, check=False)
    code, context = done.stdout.splitlines()[-1].split()
    assert context == "None", done.stderr
    return code


@pytest.mark.parametrize("name", ["x.csv", "root"])
def test_a_writer_that_is_killed_loses_nothing(name: str, tmp_path: Path) -> None:
    replaced(target_of(tmp_path / name), FRAME)
    before = contents(tmp_path)
    with subprocess.Popen(writer(f"file://{tmp_path}/{name}", frames=100_000), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    left = contents(tmp_path)
    assert left.items() > before.items()
    assert all(path.startswith(f".{name}.staging-r0/") for path in left.keys() - before.keys())
    assert texts(source_of(tmp_path / name)) == ["ann", "bob", None]
    replaced(target_of(tmp_path / name, run="r0"), OTHER)
    assert texts(source_of(tmp_path / name)) == ["eve"]
    assert [path.name for path in tmp_path.iterdir()] == [name]


KILLED = "real = os.rename; os.rename = lambda *paths: (real(*paths), os.kill(os.getpid(), 9))"


@pytest.mark.parametrize("partition", ["", "day=1"])
def test_a_writer_that_is_killed_between_two_renames_loses_nothing(partition: str, tmp_path: Path) -> None:
    replaced(target_of(tmp_path / "root", partition), FRAME)
    before = contents(tmp_path / "root")
    killed = writer(f"file://{tmp_path}/root", at_end=KILLED, frames=1, partition=partition)
    assert subprocess.run(killed, capture_output=True, check=False).returncode == -signal.SIGKILL
    with pytest.raises(SourceError) as caught:
        list(source_of(tmp_path / "root", partition).batches())
    assert caught.value.code in ("NOT_FOUND", "PARTITION_MISSING")
    # The next attempt finds the old in its place, whether it succeeds or not.
    with pytest.raises(ZeroDivisionError), target_of(tmp_path / "root", partition, run="r2").staging():
        raise ZeroDivisionError
    assert contents(tmp_path / "root") == before
    replaced(target_of(tmp_path / "root", partition, run="r3"), OTHER)
    assert texts(source_of(tmp_path / "root", partition)) == ["eve"]


@pytest.mark.parametrize("name", ["x.csv.gz", "root"])
def test_a_limit_on_the_size_of_files_is_told(name: str, tmp_path: Path) -> None:
    replaced(target_of(tmp_path / name), FRAME)
    before = contents(tmp_path)
    limit = "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))"
    assert written_by(f"file://{tmp_path}/{name}", limit) == "TARGET_FULL"
    assert contents(tmp_path) == before
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 100_000


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    (tmp_path / "disk").mkdir()
    with mounted(tmp_path / "disk", "size=1m") as disk:
        yield disk


@pytest.mark.parametrize("name", ["x.csv", "x.parquet", "root"])
def test_a_full_disk_is_told_and_the_old_is_kept(name: str, small_disk: Path) -> None:
    replaced(target_of(small_disk / name), FRAME)
    before = contents(small_disk)
    rows = pl.DataFrame({"note": [CANARY + os.urandom(8).hex() for _ in range(20_000)]})
    error = error_of(target_of(small_disk / name), *[rows] * 20)
    assert error.code == "TARGET_FULL"
    assert_value_free(error)
    assert contents(small_disk) == before
    replaced(target_of(small_disk / name), OTHER)
    with pytest.raises(SourceError) as caught:
        target_of(small_disk)
    assert caught.value.code == "TARGET_NOT_SUPPORTED"  # where a file system begins nothing can be renamed


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    done = subprocess.run(
        writer(f"file://{tmp_path}/x.parquet", frames=150), capture_output=True, text=True, check=True
    )
    peaks = [int(line) for line in done.stdout.split()]  # kB
    assert len(peaks) == 150
    assert peaks[-1] < peaks[20] + 60_000
