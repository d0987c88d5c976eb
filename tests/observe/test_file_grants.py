"""Who may read files of this machine: real files, modes, access lists and links; and users who really try."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import struct
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from airflow_mlsecops.checks.grants.files import readers
from airflow_mlsecops.core.facts import NotObserved
from airflow_mlsecops.core.file_grants import Account, FileGrants, FileWay, Group, Mount
from airflow_mlsecops.core.grant import Allowed
from airflow_mlsecops.observe import accounts, mounts
from airflow_mlsecops.observe.file_grants import observe
from tests.observe.test_files import as_root, open_folder, stranger

ACL = "system.posix_acl_access"
NOT_TOLD = 0xFFFFFFFF


@pytest.fixture
def place() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


def seen(path: Path, **more: int) -> FileGrants:
    facts = observe(path, **more)
    assert isinstance(facts, FileGrants), facts
    return facts


def unseen(path: Path, **more: int) -> str:
    facts = observe(path, **more)
    assert isinstance(facts, NotObserved), facts
    return facts.why


def only(path: Path) -> FileWay:
    (way,) = seen(path).ways
    return way


def put(path: Path, mode: int = 0o600) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x")
    path.chmod(mode)
    return path


def acl(owner: int, owning: int, mask: int | None, other: int, users: dict[int, int], groups: dict[int, int]) -> bytes:
    entries = [(1, owner, NOT_TOLD), *((2, may, id) for id, may in sorted(users.items())), (4, owning, NOT_TOLD)]
    entries += [(8, may, id) for id, may in sorted(groups.items())]
    entries += [(16, mask, NOT_TOLD)] if mask is not None else []
    return struct.pack("<I", 2) + b"".join(struct.pack("<HHI", *entry) for entry in [*entries, (32, other, NOT_TOLD)])


def lists(folder: Path) -> bool:
    """Whether the file system keeps access lists."""
    probe = put(folder / "probe")
    try:
        os.setxattr(probe, ACL, acl(6, 0, 4, 0, {4711: 4}, {}))
    except OSError:
        return False
    finally:
        probe.unlink()
    return True


class TestWays:
    def test_a_file_within_its_folders(self, place: Path) -> None:
        way = only(put(place / "data" / "a.csv", 0o640))
        assert [step.path for step in way.folders] == ["/", "/tmp", str(place), str(place / "data")]
        assert (way.file.mode, way.files, way.single) == (0o640, 1, True)
        assert [step.lock.mode for step in way.folders] == [os.stat(step.path).st_mode & 0o7777 for step in way.folders]

    def test_files_that_are_locked_alike_are_one_way(self, place: Path) -> None:
        for name in ("day=1/a", "day=1/b", "day=2/a"):
            put(place / "data" / name, 0o640)
        put(place / "data" / "day=2" / "open", 0o644)
        (place / "data" / "day=2").chmod(0o750)
        (place / "data" / "day=1").chmod(0o750)
        ways = seen(place / "data").ways
        assert sorted((way.file.mode, way.files) for way in ways) == [(0o640, 3), (0o644, 1)]
        (place / "data" / "day=1").chmod(0o700)
        assert len(seen(place / "data").ways) == 3

    def test_the_path_is_that_without_links(self, place: Path) -> None:
        put(place / "real" / "a")
        (place / "link").symlink_to("real")
        assert only(place / "link" / "a").root == str(place / "real" / "a")
        assert only(place / "link").root == str(place / "real")

    def test_what_sqlite_keeps_beside_a_database(self, place: Path) -> None:
        path = place / "crm.db"
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("CREATE TABLE t (a)")
            (place / "crm.db-wal").chmod(0o604)
            assert {way.root: way.file.mode for way in seen(path).ways} == {str(path): 0o644, f"{path}-wal": 0o604}
        put(place / "crm.db-other")
        assert len(seen(path).ways) == 1


class TestLinks:
    def test_what_a_link_leads_to_is_looked_at_with_its_own_folders(self, place: Path) -> None:
        target = put(place / "elsewhere" / "b.csv", 0o644)
        put(place / "data" / "a.csv")
        (place / "data" / "link.csv").symlink_to(target)
        (place / "data" / "again.csv").symlink_to(target)
        (place / "data").chmod(0o700)
        found = {way.root: way for way in seen(place / "data").ways}
        assert found[str(target)].single
        assert str(place / "data") not in [step.path for step in found[str(target)].folders]
        assert found[str(place / "data")].files == 1

    def test_a_linked_folder_with_links_of_its_own(self, place: Path) -> None:
        put(place / "third" / "c")
        put(place / "second" / "b")
        (place / "second" / "link").symlink_to("../third")
        (place / "data").mkdir()
        (place / "data" / "link").symlink_to("../second")
        (place / "third" / "back").symlink_to("../data")
        assert {way.root for way in seen(place / "data").ways} == {str(place / "second"), str(place / "third")}

    def test_near_miss_a_link_within_the_dataset_adds_nothing(self, place: Path) -> None:
        put(place / "data" / "sub" / "a")
        (place / "data" / "link").symlink_to("sub/a")
        (place / "data" / "folder").symlink_to("sub")
        assert only(place / "data").files == 1

    def test_a_link_that_leads_nowhere(self, place: Path) -> None:
        put(place / "data" / "a")
        (place / "data" / "link").symlink_to("gone")
        assert "leads nowhere" in unseen(place / "data")

    def test_another_name_elsewhere(self, place: Path) -> None:
        os.link(put(place / "data" / "a", 0o644), place / "other")
        assert "hard link" in only(place / "data").elsewhere

    def test_near_miss_all_names_are_in_the_dataset(self, place: Path) -> None:
        os.link(put(place / "data" / "a", 0o644), place / "data" / "b")
        way = only(place / "data")
        assert (way.files, way.elsewhere) == (2, "")


class TestUnseen:
    def test_nothing_there(self, place: Path) -> None:
        assert f"{place / 'gone'} is not there" in unseen(place / "gone")

    def test_no_file_in_it(self, place: Path) -> None:
        (place / "data" / "sub").mkdir(parents=True)
        assert "no file in it" in unseen(place / "data")

    @pytest.mark.parametrize("kind", ["fifo", "socket"])
    def test_what_is_no_file(self, place: Path, kind: str) -> None:
        put(place / "data" / "a")
        if kind == "fifo":
            os.mkfifo(place / "data" / "pipe")
        else:
            import socket

            with socket.socket(socket.AF_UNIX) as listener:
                listener.bind(str(place / "data" / "pipe"))
        assert f"something in {place / 'data'} is neither a file nor a folder" in unseen(place / "data")
        assert "neither" in unseen(place / "data" / "pipe")

    def test_too_many(self, place: Path) -> None:
        for name in range(10):
            put(place / "data" / str(name))
        assert "more than 10 files" in unseen(place / "data", most=10)
        assert len(seen(place / "data", most=11).ways) == 1

    @as_root
    @pytest.mark.parametrize("mode", [0o711, 0o744, 0o700])
    def test_a_folder_that_may_not_be_looked_at(self, place: Path, mode: int) -> None:
        put(place / "data" / "sub" / "a")
        (place / "data" / "sub").chmod(mode)
        with stranger():
            assert f"may not look at something in {place / 'data'}:" in unseen(place / "data")

    @pytest.mark.parametrize("name", ["system.nfs4_acl", "system.richacl", "security.NTACL"])
    def test_another_kind_of_list(self, place: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        path = put(place / "data" / "a")
        monkeypatch.setattr(os, "listxattr", lambda where, **_: [name] if where == str(place) else [])
        assert name in unseen(path)

    @pytest.mark.parametrize(
        "value", [b"", b"\x02\0\0", b"\x03\0\0\0", b"\x02\0\0\0\x01", b"\x02\0\0\0" + b"\x40" + bytes(7)]
    )
    def test_a_list_of_another_form(self, place: Path, monkeypatch: pytest.MonkeyPatch, value: bytes) -> None:
        path = put(place / "data" / "a")
        monkeypatch.setattr(os, "listxattr", lambda where, **_: [ACL])
        monkeypatch.setattr(os, "getxattr", lambda where, name, **_: value)
        assert "access list" in unseen(path)

    def test_a_name_that_no_command_could_hold(self, place: Path) -> None:
        assert "cannot be printed" in unseen(put(place / "a\nb" / "c"))
        put(place / "data" / "a\nb")
        assert only(place / "data").files == 1

    def test_another_system(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sys.platform", "darwin")
        assert "Linux only" in unseen(put(place / "a"))

    def test_no_list_of_mounts(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(mounts, "MOUNTINFO", place / "none")
        assert unseen(put(place / "a"))


VALUE = "ann.canary@example.org"


class TestNames:
    """What is in a dataset may be called by what it holds: none of it is told."""

    @staticmethod
    def told(folder: Path) -> str:
        facts = observe(folder)
        if isinstance(facts, NotObserved):
            return facts.why
        found = readers(facts, Allowed(readers=("user:root",)))
        return f"{facts!r} {found!r} {facts.model_dump_json()} {found.model_dump_json()}"

    def test_of_files_and_folders(self, place: Path) -> None:
        put(place / "data" / f"mail={VALUE}" / f"{VALUE}.parquet", 0o644)
        (place / "data" / f"mail={VALUE}").chmod(0o750)
        put(place / "data" / f"{VALUE}.csv", 0o644)
        (place / "data" / f"{VALUE}.link").symlink_to(f"{VALUE}.csv")
        os.link(place / "data" / f"{VALUE}.csv", place / "other")
        told = self.told(place / "data")
        assert "a file in" in told
        assert VALUE not in told

    @pytest.mark.parametrize("kind", ["pipe", "link", "loop"])
    def test_of_what_could_not_be_looked_at(self, place: Path, kind: str) -> None:
        put(place / "data" / "a")
        odd = place / "data" / "sub" / VALUE
        odd.parent.mkdir()
        if kind == "pipe":
            os.mkfifo(odd)
        else:
            odd.symlink_to(VALUE if kind == "loop" else f"{VALUE}.gone")
        why = self.told(place / "data")
        assert f"something in {place / 'data'}" in why
        assert VALUE not in why

    def test_of_a_link_that_leads_out(self, place: Path) -> None:
        put(place / "data" / "a")
        (place / "data" / "link").symlink_to(place / "elsewhere" / VALUE)
        assert self.told(place / "data").startswith("what a link in it leads to is not there")

    @as_root
    def test_of_folders_that_may_not_be_looked_at(self, place: Path) -> None:
        put(place / "data" / VALUE / "a").parent.chmod(0o700)
        with stranger():
            assert VALUE not in self.told(place / "data")

    def test_near_miss_the_dataset_itself_is_called_by_its_name(self, place: Path) -> None:
        assert str(place / "a.csv") in self.told(put(place / "a.csv", 0o644))
        assert f"{place / 'gone'} is not there" in self.told(place / "gone")


def test_an_access_list(place: Path) -> None:
    if not lists(place):
        pytest.skip("the file system of /tmp keeps no access lists: they are NOT tested against a real one")
    path = put(place / "data" / "a")
    os.setxattr(path, ACL, acl(6, 5, 6, 1, {4711: 4, 4712: 0}, {4713: 7}))
    lock = only(path).file
    assert (lock.mode, lock.owning) == (0o661, 5)
    assert [(one.group, one.id, one.may) for one in lock.named] == [(False, 4711, 4), (False, 4712, 0), (True, 4713, 7)]
    groups = {group.name: group.unseen for group in seen(path).groups}
    assert groups["#4713"] == NotObserved(why="nobody is listed in it")
    assert {"#4711", "#4712"} <= {account.name for account in seen(path).accounts}


class TestMounts:
    LINES = (
        "1 0 8:1 / / rw - ext4 /dev/a rw",
        "2 1 0:9 / {place}/data rw shared:1 - nfs4 server:/x rw",
        "3 1 8:1 {place}/closed /open\\040door rw - ext4 /dev/a rw",
        "4 1 8:2 /volumes/7 {place}/volume rw - ext4 /dev/b rw",
        "5 1 0:8 /@home {place}/home rw - btrfs /dev/c rw",
    )

    @pytest.fixture(autouse=True)
    def table(self, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        file = place / "mountinfo"
        file.write_text("\n".join(self.LINES).format(place=place))
        monkeypatch.setattr(mounts, "MOUNTINFO", file)

    @pytest.mark.parametrize("where", ["data", "data/a", "."])
    def test_another_machine(self, place: Path, where: str) -> None:
        put(place / "data" / "a")
        assert seen(place / where).mounts == (Mount(point=str(place / "data"), type="nfs4"),)

    @pytest.mark.parametrize("name", ["database", "dat"])
    def test_near_miss_a_folder_called_alike(self, place: Path, name: str) -> None:
        assert seen(put(place / name / "a")).mounts == ()

    @pytest.mark.parametrize("where", ["volume/sub/a", "volume"])
    def test_a_part_of_a_file_system_whose_rest_is_not_here(self, place: Path, where: str) -> None:
        put(place / "volume" / "sub" / "a")
        assert f"only a part of its file system is mounted at {place}/volume" in only(place / where).elsewhere

    def test_near_miss_a_subvolume_has_no_rest(self, place: Path) -> None:
        assert only(put(place / "home" / "a")).elsewhere == ""

    @pytest.mark.parametrize("where", ["closed/sub/a", "closed", "."])
    def test_the_same_files_at_another_place(self, place: Path, where: str) -> None:
        put(place / "closed" / "sub" / "a")
        assert {way.elsewhere for way in seen(place / where).ways} == {"its file system is mounted at /open door too"}

    def test_near_miss_other_files_of_it_are(self, place: Path) -> None:
        assert only(put(place / "close" / "a")).elsewhere == ""

    def test_a_form_that_is_not_known(self, place: Path) -> None:
        (place / "mountinfo").write_text("1 0 8:1 / /")
        assert "ValueError" in unseen(put(place / "a"))


@pytest.mark.parametrize(("text", "mapped"), [("0 0 4294967295", False), ("0 100000 65536", True), ("", True)])
def test_a_user_namespace(place: Path, monkeypatch: pytest.MonkeyPatch, text: str, mapped: bool) -> None:
    (place / "map").write_text(text)
    monkeypatch.setattr(mounts, "GID_MAP", place / "map")
    assert seen(put(place / "a")).mapped is mapped


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("passwd: files systemd\ngroup: files [SUCCESS=merge] systemd", True),
        ("# passwd: sss\npasswd:\tfiles", True),
        ("hosts: dns", True),
        ("passwd: files sss", False),
        ("passwd: files\ngroup: files ldap", False),
        ("initgroups: files [NOTFOUND=continue] winbind", False),
    ],
)
def test_directories_that_do_not_list_everybody(
    place: Path, monkeypatch: pytest.MonkeyPatch, text: str, complete: bool
) -> None:
    (place / "nsswitch").write_text(text)
    monkeypatch.setattr(accounts, "NSSWITCH", place / "nsswitch")
    root = next(group for group in seen(put(place / "a")).groups if group.gid == 0)
    assert (root.unseen is None) is complete


def test_too_many_accounts(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "MOST_ACCOUNTS", 2)
    assert "more than 2 users" in unseen(put(place / "a"))


class TestAccounts:
    """Lines of /etc/passwd and /etc/group that this machine may not have."""

    @pytest.fixture(autouse=True)
    def lines(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import grp
        import pwd

        users = [_user("root", 0, 0), _user("ann", 70_001, 80_001), _user("ben", 70_002, 70_002)]
        groups = [_group("ml", 80_001, ["ben", "ghost"]), _group("again", 80_001, ["cat"]), _group("root", 0, [])]
        hidden = [_user("cat", 70_003, 70_003)]
        monkeypatch.setattr(pwd, "getpwall", lambda: users)
        monkeypatch.setattr(pwd, "getpwuid", lambda uid: _first([*users, *hidden], 2, uid))
        monkeypatch.setattr(pwd, "getpwnam", lambda name: _first([*users, *hidden], 0, name))
        monkeypatch.setattr(grp, "getgrall", lambda: groups)
        monkeypatch.setattr(grp, "getgrgid", lambda gid: _first(groups, 2, gid))

    @as_root
    def test_members_by_birth_by_list_and_by_a_second_line(self, place: Path) -> None:
        path = put(place / "a", 0o640)
        os.chown(path, 70_009, 80_001)
        facts = seen(path)
        found = {one.name: (one.uid, one.primary, one.groups) for one in facts.accounts}
        assert found == {
            "root": (0, 0, (0,) if 0 in os.getgroups() or os.getegid() == 0 else ()),
            "ann": (70_001, 80_001, ()),
            "ben": (70_002, 70_002, (80_001,)),
            "cat": (70_003, 70_003, (80_001,)),
            "ghost": (None, None, (80_001,)),
            "#70009": (70_009, None, NotObserved(why="the number has no account")),
        }
        assert Group(gid=80_001, name="ml", listed=("ben", "cat", "ghost")) in facts.groups
        grants = readers(facts, Allowed()).grants
        assert [(one.principal, one.sure) for one in grants] == [
            ("user:root", True), ("user:#70009", True), ("user:ann", True), ("user:ben", True), ("user:cat", True),
            ("user:ghost", False),
        ]  # fmt: skip


def _user(name: str, uid: int, gid: int) -> object:
    import pwd

    return pwd.struct_passwd((name, "x", uid, gid, "", "/", "/bin/sh"))


def _group(name: str, gid: int, members: list[str]) -> object:
    import grp

    return grp.struct_group((name, "x", gid, members))


def _first(rows: list, place: int, value: object) -> object:  # type: ignore[type-arg]
    for row in rows:
        if row[place] == value:
            return row
    raise KeyError(value)


# --- users who really try ---------------------------------------------------------------------------------------------

TREES = 400
SEED = 6
UIDS = {61_001: (62_001,), 61_002: (62_001, 62_002), 61_003: (), 61_004: (62_003,), 61_005: ()}
STRANGER = 61_005  # owns nothing, is named nowhere, is in no group: everybody else
GIDS = (62_001, 62_002, 62_003)
OWN = 63_000


@dataclass(frozen=True)
class Tree:
    """Two folders, the inner with two files."""

    top: Path

    @property
    def folders(self) -> tuple[Path, Path]:
        return self.top, self.top / "in"

    @property
    def files(self) -> tuple[Path, Path]:
        return self.top / "in" / "a", self.top / "in" / "b"


def grown(top: Path, dice: random.Random, with_lists: bool) -> Tree:
    tree = Tree(top)
    tree.folders[1].mkdir(parents=True)
    for path in tree.files:
        path.write_text("x")
    for path in (*tree.files, *reversed(tree.folders)):
        _locked(path, dice, with_lists, 0o7 if path in tree.files else 0)
    return tree


def _locked(path: Path, dice: random.Random, with_lists: bool, closed: int) -> None:
    def bits() -> int:
        return dice.choice((0, 4, 5, 7, 1, 2) if closed else (0, 1, 5, 7, 1, 4))

    os.chown(path, dice.choice((0, *sorted(UIDS.keys() - {STRANGER}))), dice.choice((0, *GIDS)))
    if with_lists and dice.random() < 0.5:
        users = {uid: bits() for uid in dice.sample(sorted(UIDS.keys() - {STRANGER}), dice.randint(0, 2))}
        groups = {gid: bits() for gid in dice.sample(GIDS, dice.randint(0, 2))}
        mask = dice.choice((0, 1, 4, 5, 7, 7)) if users or groups or dice.random() < 0.3 else None
        os.setxattr(path, ACL, acl(bits(), bits(), mask, bits(), users, groups))
    else:
        path.chmod(bits() << 6 | bits() << 3 | bits())


def snapshot(tree: Tree) -> list[tuple[Path, int, bytes | None]]:
    return [
        (path, path.stat().st_mode & 0o7777, os.getxattr(path, ACL) if ACL in os.listxattr(path) else None)
        for path in (*tree.folders, *tree.files)
    ]


def restored(before: Sequence[tuple[Path, int, bytes | None]]) -> None:
    for path, mode, value in before:
        path.chmod(mode)
        if value:
            os.setxattr(path, ACL, value)


def who_could(trees: Sequence[Tree]) -> dict[int, set[int]]:
    """Which trees each user reads a file of: it is that user, comes as far as it can, and opens."""
    before = [snapshot(tree) for tree in trees]
    found = {}
    for uid, gids in UIDS.items():
        found[uid] = _as(uid, gids, trees)
        for one in before:
            restored(one)
    return found


def _as(uid: int, gids: Sequence[int], trees: Sequence[Tree]) -> set[int]:
    read, write = os.pipe()
    child = os.fork()
    if not child:
        try:
            os.setgroups(list(gids))
            os.setgid(OWN)
            os.setuid(uid)
            could = [number for number, tree in enumerate(trees) if any(_opens(tree, file) for file in tree.files)]
            with os.fdopen(write, "w") as pipe:
                pipe.write(" ".join(map(str, could)) + " end")
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        *numbers, end = pipe.read().split()
    os.waitpid(child, 0)
    assert end == "end"
    return set(map(int, numbers))


def _opens(tree: Tree, file: Path) -> bool:
    for folder, bit in ((tree.top, 0o100), (tree.folders[1], 0o100), (file, 0o400)):
        try:
            folder.chmod(folder.stat().st_mode & 0o7777 | bit)  # as only an owner may, who comes to it
        except PermissionError:
            continue
    try:
        with file.open() as stream:
            return stream.read() == "x"
    except PermissionError:
        return False


def known(facts: FileGrants) -> FileGrants:
    """With the groups of those users, whom this machine does not list."""
    given = [Account(name=f"#{uid}", uid=uid, primary=OWN, groups=gids) for uid, gids in UIDS.items()]
    groups = tuple(group.model_copy(update={"unseen": None}) for group in facts.groups)
    return facts.model_copy(update={"accounts": tuple(given), "groups": groups})


def listed(facts: FileGrants, sure: bool) -> set[int]:
    """Users whom the list holds, and whoever is not told by itself where it holds everybody else."""
    grants = readers(facts, Allowed()).grants
    held = {one.principal for one in grants if one.sure or not sure}
    locks = [lock for way in facts.ways for lock in (way.file, *(step.lock for step in way.folders))]
    named = {lock.uid for lock in locks} | {e.id for lock in locks for e in lock.named if not e.group}
    locking = {lock.gid for lock in locks} | {e.id for lock in locks for e in lock.named if e.group}
    others = (
        {uid for uid, gids in UIDS.items() if uid not in named and not locking & set(gids)} if "*" in held else set()
    )
    return {uid for uid in UIDS if f"user:#{uid}" in held} | others


@pytest.fixture(scope="module")
def grove() -> Iterator[list[Tree]]:
    folder = Path(tempfile.mkdtemp(prefix="mlsecops-grove-", dir="/tmp"))
    folder.chmod(0o755)
    dice, with_lists = random.Random(SEED), lists(folder)
    try:
        if not with_lists:
            print("the file system of /tmp keeps no access lists: trees are made WITHOUT them")
        yield [grown(folder / str(number), dice, with_lists) for number in range(TREES)]
    finally:
        shutil.rmtree(folder)


@as_root
class TestTruth:
    def test_the_list_is_who_could(self, grove: list[Tree]) -> None:
        could = who_could(grove)
        assert all(0.05 < len(trees) / TREES < 0.95 for trees in could.values()), "too easy to tell much"
        for number, tree in enumerate(grove):
            facts, truth = known(seen(tree.top)), {uid for uid, trees in could.items() if number in trees}
            assert listed(facts, sure=True) == listed(facts, sure=False) == truth, (number, snapshot(tree))

    def test_where_the_machine_lists_nobody_what_is_sure_is_true_and_nobody_is_missing(self, grove: list[Tree]) -> None:
        could = who_could(grove)
        for number, tree in enumerate(grove):
            facts, truth = seen(tree.top), {uid for uid, trees in could.items() if number in trees}
            grants = readers(facts, Allowed()).grants
            sure = {one.principal for one in grants if one.sure}
            told = {one.principal for one in grants}
            assert {uid for uid in UIDS if f"user:#{uid}" in sure} <= truth, (number, snapshot(tree))
            for uid in truth:
                names = {f"user:#{uid}", "*", *(f"group:#{gid}" for gid in UIDS[uid])}
                assert names & told, (number, uid, snapshot(tree))

    @pytest.mark.skipif(
        not shutil.which("setfacl"), reason="setfacl (package acl) is not here: its commands are NOT run"
    )
    def test_after_the_commands_only_the_allowed_read_and_they_do(self, grove: list[Tree]) -> None:
        before = who_could(grove)
        dice, let = random.Random(SEED), {}
        for number, tree in enumerate(grove):
            let[number] = {uid for uid in UIDS if dice.random() < 0.4}
            allowed = Allowed(readers=("user:root", *(f"user:#{uid}" for uid in let[number])))
            for line in readers(known(seen(tree.top)), allowed).commands:
                subprocess.run(["sh", "-ec", line], check=True)
        after = who_could(grove)
        for number, tree in enumerate(grove):
            truth = {uid for uid, trees in after.items() if number in trees}
            kept = {uid for uid, trees in before.items() if number in trees} & let[number]
            assert kept <= truth <= let[number], (number, let[number], snapshot(tree))
