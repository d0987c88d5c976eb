"""Who may touch a dataset's files: real files, real modes, and strangers who really try."""

from __future__ import annotations

import json
import os
import shutil
import struct
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from airflow_mlsecops.core.facts import FileFacts, NotObserved
from airflow_mlsecops.observe import files
from airflow_mlsecops.observe.way import way_to

NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away and be somebody else")


@contextmanager
def stranger() -> Iterator[None]:
    """Be nobody for a while; only root can."""
    groups, gid = os.getgroups(), os.getegid()
    os.setgroups([])
    os.setegid(NOBODY)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(gid)
        os.setgroups(groups)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that anybody may pass: pytest's own are closed, and nothing in them is ever exposed."""
    folder = Path(tempfile.mkdtemp(prefix="mlsecops-open-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        assert way_to(folder)[1].others
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def place() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


def put(path: Path, mode: int = 0o600, folder: int = 0o700) -> Path:
    """A file of some mode, in folders of some mode."""
    missing = [parent for parent in path.parents if not parent.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    path.chmod(mode)
    for parent in missing:
        parent.chmod(folder)
    return path


def seen(path: Path) -> FileFacts:
    facts = files.observe(path)
    assert isinstance(facts, FileFacts), facts
    return facts


def unseen(path: Path) -> str:
    facts = files.observe(path)
    assert isinstance(facts, NotObserved), facts
    return facts.why


def traits(path: Path) -> tuple[int, int, int]:
    facts = seen(path)
    return facts.world_readable, facts.world_writable, facts.group_readable


# mode of the file, mode of its folder; how many of file and folder others may read, others may write, groups may read
TABLE = [
    ("closed", 0o600, 0o700, (0, 0, 0)),
    ("as a usual umask leaves it", 0o644, 0o755, (2, 0, 2)),
    ("an open file in a closed folder", 0o666, 0o700, (0, 0, 0)),
    ("a closed file in an open folder", 0o600, 0o755, (1, 0, 1)),
    ("a folder to pass but not to list", 0o604, 0o711, (1, 0, 0)),
    ("a folder to list but not to pass", 0o604, 0o704, (1, 0, 0)),
    ("read by the group", 0o640, 0o750, (0, 0, 2)),
    ("for the group, in a folder closed to it", 0o640, 0o700, (0, 0, 0)),
    ("for the group, in a folder that others may pass", 0o640, 0o701, (0, 0, 1)),
    ("written by others only", 0o602, 0o711, (0, 1, 0)),
    ("a folder that others may write: what is in it can be replaced", 0o600, 0o733, (0, 2, 0)),
    ("the same with a sticky bit: others may add, not replace", 0o600, 0o1733, (0, 1, 0)),
    ("written by the group only", 0o620, 0o730, (0, 0, 0)),
    ("executable is not readable", 0o611, 0o711, (0, 0, 0)),
]  # fmt: skip


@pytest.mark.parametrize(("mode", "folder", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_modes(place: Path, mode: int, folder: int, expected: tuple[int, int, int]) -> None:
    put(place / "data" / "a.csv", mode, folder)
    assert traits(place / "data") == expected
    assert seen(place / "data").files == 2


def test_a_single_file_is_seen_within_its_folders(place: Path) -> None:
    path = put(place / "data" / "a.csv", 0o644, 0o755)
    assert traits(path) == (1, 0, 1)
    (place / "data").chmod(0o700)
    assert traits(path) == (0, 0, 0)


@pytest.mark.parametrize(("above", "writable"), [(0o777, 2), (0o1777, 0), (0o776, 0), (0o755, 0)])
def test_folders_above_that_anybody_may_write(place: Path, above: int, writable: int) -> None:
    path = put(place / "above" / "between" / "data" / "a.csv")
    (place / "above").chmod(above)
    assert seen(path.parent).world_writable == writable


def test_an_open_folder_within_a_closed_one_is_closed(place: Path) -> None:
    put(place / "closed" / "open" / "data" / "a.csv", 0o666, 0o777)
    (place / "closed").chmod(0o700)
    assert traits(place / "closed" / "open" / "data") == (0, 0, 0)


class TestLinks:
    def test_the_target_counts(self, place: Path) -> None:
        target = put(place / "elsewhere" / "b.csv", 0o644, 0o755)
        put(place / "data" / "a.csv")
        (place / "data" / "link").symlink_to(target)
        facts = seen(place / "data")
        assert (facts.symlinks, facts.files, facts.world_readable, facts.example) == (1, 3, 1, "link")

    def test_what_is_in_a_linked_folder_counts(self, place: Path) -> None:
        put(place / "elsewhere" / "b.csv", 0o644, 0o755)
        (place / "data").mkdir(mode=0o700)
        (place / "data" / "link").symlink_to("../elsewhere")
        assert traits(place / "data") == (2, 0, 2)

    def test_a_safe_target_behind_a_replaceable_link(self, place: Path) -> None:
        put(place / "safe" / "data" / "a.csv")
        (place / "loose").mkdir()
        (place / "loose" / "link").symlink_to(place / "safe" / "data")
        assert seen(place / "loose" / "link").world_writable == 0
        (place / "loose").chmod(0o777)
        assert seen(place / "safe" / "data").world_writable == 0
        assert seen(place / "loose" / "link").world_writable == 2

    def test_a_replaceable_link_in_the_middle_of_a_chain(self, place: Path) -> None:
        put(place / "safe" / "a.csv")
        (place / "loose").mkdir()
        (place / "loose" / "second").symlink_to("../safe")
        (place / "first").symlink_to("loose/second")
        assert seen(place / "first" / "a.csv").world_writable == 0
        (place / "loose").chmod(0o777)
        assert seen(place / "first" / "a.csv").world_writable == 1

    def test_a_step_up_is_taken_from_where_a_link_led(self, place: Path) -> None:
        put(place / "one" / "two" / "x", 0o644, 0o755)
        put(place / "one" / "a.csv", 0o644, 0o755)
        (place / "link").symlink_to("one/two")
        assert way_to(place / "link" / ".." / "a.csv")[0] == (place / "one" / "a.csv").resolve()

    def test_circles_end(self, place: Path) -> None:
        put(place / "data" / "sub" / "a.csv", 0o644, 0o755)
        (place / "data" / "sub" / "up").symlink_to("..")
        assert seen(place / "data").files == 4

    @pytest.mark.parametrize("target", ["nowhere", "self", "a.csv/x"])
    def test_links_that_lead_nowhere(self, place: Path, target: str) -> None:
        put(place / "data" / "a.csv")
        (place / "data" / "self").symlink_to(target)
        assert unseen(place / "data")

    def test_another_name_of_a_file_may_stand_in_an_open_folder(self, place: Path) -> None:
        path = put(place / "data" / "a.csv", 0o644)
        assert traits(place / "data") == (0, 0, 0)
        (place / "copy.csv").hardlink_to(path)
        assert traits(place / "data") == (1, 0, 1)


class TestUnseen:
    def test_missing(self, place: Path) -> None:
        assert "is not there" in unseen(place / "nothing.csv")

    def test_a_file_where_a_folder_should_be(self, place: Path) -> None:
        assert unseen(put(place / "a.csv") / "b.csv")

    def test_an_impossible_path(self) -> None:
        assert "could not be looked at" in unseen(Path("/tmp/\0"))

    def test_no_permission(self, place: Path) -> None:
        put(place / "data" / "shut" / "a.csv", folder=0o755)
        (place / "data" / "shut").chmod(0)
        if os.geteuid() == 0:
            with stranger():
                why = unseen(place / "data")
        else:
            why = unseen(place / "data")
            (place / "data" / "shut").chmod(0o700)
        assert "may not look at" in why
        assert str(place / "data" / "shut") in why

    def test_too_many(self, place: Path) -> None:
        for number in range(3):
            put(place / "data" / str(number))
        assert isinstance(files.observe(place / "data", most=4), FileFacts)
        assert files.observe(place / "data", most=3) == NotObserved(
            why="it has more than 3 files: give the gate a partition="
        )

    @as_root
    def test_access_lists_that_modes_do_not_show(self, place: Path) -> None:
        path = put(place / "data" / "a.csv")
        _attribute(path, "security.NTACL", b"\0")
        assert "security.NTACL" in unseen(place / "data")


def _attribute(path: Path, name: str, value: bytes) -> None:
    try:
        os.setxattr(path, name, value)
    except OSError:
        pytest.skip("this file system keeps no such attributes")


def _posix_acl(user: int) -> bytes:
    """acl(5) as Linux stores it: owner rw, one named user r, group none, mask r, others none."""
    nobody = 0xFFFFFFFF
    entries = [(0x01, 6, nobody), (0x02, 4, user), (0x04, 0, nobody), (0x10, 4, nobody), (0x20, 0, nobody)]
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in entries)


def test_a_user_that_a_posix_acl_names_counts_as_group(place: Path) -> None:
    path = put(place / "data" / "a.csv", 0o600, 0o711)
    assert traits(place / "data") == (0, 0, 0)
    _attribute(path, "system.posix_acl_access", _posix_acl(NOBODY))
    assert traits(place / "data") == (0, 0, 1)


@as_root
def test_foreign_owners(place: Path) -> None:
    for name, owner in (("mine", os.geteuid()), ("theirs", NOBODY), ("others", 12345)):
        os.chown(put(place / "data" / name), owner, -1)
    assert seen(place / "data").foreign_owner == 2
    os.chown(place / "data", NOBODY, -1)
    with stranger():
        facts = seen(place / "data")
    assert facts.foreign_owner == 1, "nobody's own and root's are not foreign to nobody"


def test_the_worst_is_named_relative_to_the_dataset(place: Path) -> None:
    put(place / "data" / "a", 0o640, 0o751)
    assert seen(place / "data" / "a").example == "a"
    put(place / "data" / "sub" / "b", 0o606, 0o751)
    assert seen(place / "data").example == "sub/b"
    put(place / "data" / "c", 0o604)
    assert seen(place / "data").example == "sub/b"
    (place / "data" / "sub" / "b").chmod(0o600)
    assert seen(place / "data").example == "c"


def test_a_name_cannot_forge_a_line_or_break_the_document(place: Path) -> None:
    put(place / "data" / "a\nPASS", 0o644, 0o711)
    facts = seen(place / "data")
    assert facts.example.isprintable()
    (place / "data" / "a\nPASS").rename(os.fsdecode(bytes(place / "data") + b"/\xff"))
    facts = seen(place / "data")
    assert FileFacts.model_validate(json.loads(facts.model_dump_json())) == facts


MODES = st.sampled_from([0o600, 0o604, 0o640, 0o606, 0o602, 0o644, 0o660])
FOLDER_MODES = st.sampled_from([0o700, 0o701, 0o711, 0o755, 0o705, 0o750, 0o710])
TREES = st.lists(st.tuples(FOLDER_MODES, FOLDER_MODES, MODES, st.booleans()), min_size=1, max_size=4)


def _count(paths: list[Path], may: Callable[[Path], bool]) -> int:
    with stranger():
        return sum(map(may, paths))


def _opens(flags: int) -> Callable[[Path], bool]:
    def tries(path: Path) -> bool:
        try:
            os.close(os.open(path, flags))
        except PermissionError:
            return False
        return True

    return tries


@as_root
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=TREES)
def test_a_stranger_opens_exactly_what_is_counted(tree: list[tuple[int, int, int, bool]]) -> None:
    with open_folder() as place:
        (place / "data").mkdir(mode=0o755)
        paths, folders = [], [place / "data"]
        for number, (outer, inner, mode, linked) in enumerate(tree):
            upper = place / (f"elsewhere{number}" if linked else f"data/{number}")
            paths.append(put(upper / "in" / "a.csv", mode))
            upper.chmod(outer)
            (upper / "in").chmod(inner)
            folders += [upper, upper / "in"]
            if linked:
                (place / "data" / f"link{number}").symlink_to(upper)
        facts = seen(place / "data")
        assert facts.files == len(paths) + len(folders)
        assert facts.world_readable == _count([*paths, *folders], _opens(os.O_RDONLY))
        assert facts.world_writable == _count(paths, _opens(os.O_WRONLY))
