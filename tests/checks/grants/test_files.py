"""Who reads files, and the commands against it, given how they are locked."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from airflow_mlsecops.checks.grants.files import readers
from airflow_mlsecops.core.file_grants import Account, AclEntry, FileGrants, FileWay, Folder, Group, Lock, Mount
from airflow_mlsecops.core.grant import Allowed, Grant, Kind
from airflow_mlsecops.core.unseen import NotObserved

TABLE = json.loads(Path(__file__).with_name("files.json").read_text())
UIDS = {"root": 0, "alice": 1001, "bob": 1002, "carol": 1003, "mary": 1004, "svc": 1005, "twin": 1005}
GIDS = {"root": 0, "ml": 2001, "team": 2002, "empty": 2003, "gone": 2004}
PRIMARY = {"root": 0, "mary": 2001}
LISTED = {"ml": ("bob",), "team": ("carol", "svc"), "gone": ("ghost",)}
NOBODY = NotObserved(why="nobody is listed in it")


def lock(text: str) -> Lock:
    """``0640 root ml @4 u:bob:4``: mode, owner, group; with an access list what its owning group has, and who is named."""
    mode, user, group, *rest = text.split()
    owning = [int(word[1:]) for word in rest if word.startswith("@")]
    named = [word.split(":") for word in rest if not word.startswith("@")]
    return Lock(
        mode=int(mode, 8), uid=uid(user), gid=GIDS[group], owning=owning[0] if owning else None,
        named=tuple(AclEntry(group=kind == "g", id=GIDS[who] if kind == "g" else uid(who), may=int(may)) for kind, who, may in named),
    )  # fmt: skip


def uid(name: str) -> int:
    return int(name) if name.isdigit() else UIDS[name]


OPEN = lock("0755 root root")


def way(folder: str, file: str, root: str = "/data/train.parquet", **more: Any) -> FileWay:
    folders = (Folder(path="/", lock=OPEN), Folder(path="/data", lock=lock(folder)))
    given = {"single": True, "files": 1, **more}
    return FileWay(root=root, folders=folders, file=lock(file), **given)


def machine(*ways: FileWay, **more: Any) -> FileGrants:
    accounts = [
        Account(
            name=name, uid=number, primary=PRIMARY.get(name, 9000 + number),
            groups=tuple(GIDS[group] for group, names in LISTED.items() if name in names),
        )
        for name, number in UIDS.items()
    ]  # fmt: skip
    accounts.append(Account(name="ghost", uid=None, groups=(GIDS["gone"],)))
    if any(one.file.uid == 1234 for one in ways):
        accounts.append(Account(name="#1234", uid=1234, groups=NotObserved(why="the number has no account")))
    locks = [one for step in ways for one in (step.file, *(folder.lock for folder in step.folders))]
    gids = {one.gid for one in locks} | {e.id for one in locks for e in one.named if e.group}
    groups = [
        Group(gid=gid, name=name, listed=LISTED.get(name, ()), unseen=NOBODY if name in ("empty", "gone") else None)
        for name, gid in GIDS.items()
        if gid in gids
    ]
    return FileGrants(ways=ways, accounts=tuple(accounts), groups=tuple(groups), **more)


def told(grants: tuple[Grant, ...]) -> list[list[Any]]:
    return [[one.principal, one.sure, list(one.how), one.undo] for one in grants]


@pytest.mark.parametrize("row", TABLE, ids=[row["name"] for row in TABLE])
def test_who_reads_and_what_ends_it(row: dict[str, Any]) -> None:
    facts = machine(way(row.get("folder", "0755 root root"), row["file"], elsewhere=row.get("elsewhere", "")))
    found = readers(facts, Allowed(readers=("user:root", *row.get("allowed", ()))))
    assert told(found.grants) == [["user:root", True, ["superuser of this machine"], ""], *row["grants"]]
    assert list(found.commands) == row.get("commands", [])
    assert found.hidden == ()


def test_the_table_has_near_misses() -> None:
    assert sum(row["name"].startswith("near miss") for row in TABLE) >= 10
    assert len({row["name"] for row in TABLE}) == len(TABLE)


def test_kinds() -> None:
    found = readers(
        machine(way("0755 root root", "0644 alice root")), Allowed(readers=("user:root",), people=("user:alice",))
    )
    assert {one.principal: one.kind for one in found.grants} == {
        "*": Kind.ANYBODY, "user:alice": Kind.PERSON, "user:root": Kind.APPLICATION,
    }  # fmt: skip


def folder_of(*locks: str, root: str = "/data/my set", **more: Any) -> FileGrants:
    return machine(*(way("0755 root root", one, root, single=False, files=3, **more) for one in locks))


@pytest.mark.parametrize(
    ("locks", "allowed", "commands"),
    [
        (["0644 root root"], [], ["find '/data/my set' -type f -perm -o=r -exec chmod o-r -- {} +"]),
        (["0644 root root"], ["user:svc"], [
            "find '/data/my set' -type f -perm -o=r -exec setfacl -m u:svc:r -- {} + -exec chmod o-r -- {} +"
        ]),
        (["0640 root team", "0660 root team"], [], ["find '/data/my set' -type f -group team -exec chmod g-r -- {} +"]),
        (["0640 root team @4 u:bob:4", "0660 root team"], ["user:bob"], [
            "find '/data/my set' -type f -group team -exec setfacl -n -m g::- -- {} +"
        ]),
        (["0600 alice root", "0600 root root"], [], ["find '/data/my set' -type f -user alice -exec chown root -- {} +"]),
        (["0600 1234 root"], [], ["find '/data/my set' -type f -user 1234 -exec chown root -- {} +"]),
        (["0640 root root @0 u:bob:4", "0600 root root"], [], ["find '/data/my set' -type f -exec setfacl -n -x u:bob -- {} +"]),
        (["0640 root root @0 g:ml:4"], ["user:mary"], [
            "gpasswd -d bob ml"
        ]),
        (["0640 root root @0 g:ml:4"], ["user:bob"], [
            "find '/data/my set' -type f -exec setfacl -m u:bob:r -x g:ml -- {} +"
        ]),
    ],
)  # fmt: skip
def test_commands_of_a_folder(locks: list[str], allowed: list[str], commands: list[str]) -> None:
    found = readers(folder_of(*locks), Allowed(readers=("user:root", *allowed)))
    assert list(found.commands) == commands


def test_files_that_are_locked_alike_are_told_once() -> None:
    grants = readers(folder_of("0644 root root", "0664 root root"), Allowed()).grants
    assert [one.how for one in grants if one.principal == "*"] == [
        ("everybody else may read 6 files in /data/my set (mode 0644)",)
    ]


def test_a_mask_that_held_somebody_off_does_not_let_it_in_for_good() -> None:
    facts = machine(way("0755 root root", "0604 root root @0 u:carol:4"))
    found = readers(facts, Allowed(readers=("user:root", "user:svc")))
    assert found.commands == (
        "setfacl -m u:svc:r -- /data/train.parquet && chmod o-r -- /data/train.parquet",
        "setfacl -n -x u:carol -- /data/train.parquet",
    )


def test_what_another_machine_serves_is_hidden() -> None:
    facts = machine(way("0700 root root", "0600 root root"), mounts=(Mount(point="/data", type="nfs4"),), mapped=True)
    nfs, space = readers(facts, Allowed()).hidden
    assert "/data is a file system of type nfs4" in nfs
    assert "user namespace" in space


def test_names_take_no_further_meaning() -> None:
    root = "/data/$(reboot) 'x'; -rf"
    names = {"name": "a b;c", "uid": 1777, "primary": 1777}
    facts = machine(way("0755 root root", "0640 root root @0 u:bob:4", root))
    odd = facts.model_copy(update={
        "accounts": (Account(**names),),
        "ways": (facts.ways[0].model_copy(update={"file": facts.ways[0].file.model_copy(update={
            "named": (AclEntry(group=False, id=1777, may=4),)})}),),
    })  # fmt: skip
    assert readers(odd, Allowed(readers=("user:root",))).commands == (
        "setfacl -n -x u:1777 -- '/data/$(reboot) '\"'\"'x'\"'\"'; -rf'",
    )


def test_a_name_that_is_no_text_forges_no_line() -> None:
    facts = machine(way("0755 root root", "0644 root root", root="/data/a\nPASS"))
    text = "".join(step for one in readers(facts, Allowed()).grants for step in one.how)
    assert not re.search(r"\n", text)
