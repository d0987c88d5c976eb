"""What a machine says about who may read the files of a dataset: modes, owners, access lists, folders, and accounts."""

from __future__ import annotations

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.unseen import NotObserved

READ, PASS = 4, 1
"""The bits of a mode that let read a file, and pass a folder."""


class AclEntry(Frozen):
    """What an access list lets one user or one group do, before the mask.

    :param group: whether ``id`` is a group's
    :param may: bits as in a mode, 0 to 7
    """

    group: bool
    id: int
    may: int


class Lock(Frozen):
    """What decides who may do what with one file or folder.

    :param mode: the twelve bits; where there is an access list, those of the group are its mask (acl(5))
    :param named: users and groups that the access list names
    :param owning: bits of the owning group in the access list; none where there is no list beside the mode
    """

    mode: int
    uid: int
    gid: int
    named: tuple[AclEntry, ...] = ()
    owning: int | None = None


class Folder(Frozen):
    """One folder on the way to a file; one in the dataset is not called by its name, which may be data."""

    path: str
    lock: Lock


class FileWay(Frozen):
    """All files that are locked alike, in folders that are locked alike; their names may be data, so none is kept.

    :param root: absolute path, without links, under which they lie: the dataset, or what a link in it leads to
    :param single: whether that is the file itself
    :param folders: each folder that must be passed, from ``/`` down
    :param elsewhere: how somebody may come to it by folders that were not seen; empty if nohow
    """

    root: str
    single: bool
    folders: tuple[Folder, ...]
    file: Lock
    files: int
    elsewhere: str = ""


class Account(Frozen):
    """One user.

    :param name: as the machine calls it; ``#1234`` where nothing gives the number a name
    :param uid: none where a group lists a name that has no account
    :param primary: the group that it has without being listed; none where it is not known
    :param groups: those that lock something of the dataset, as far as the account is listed in them
    """

    name: str
    uid: int | None
    primary: int | None = None
    groups: tuple[int, ...] | NotObserved = ()


class Group(Frozen):
    """One group that locks something of the dataset.

    :param name: ``#1234`` where nothing gives the number a name
    :param listed: names of members that ``gpasswd`` can take out
    :param unseen: why it may have members that nobody could list; none where all are seen
    """

    gid: int
    name: str
    listed: tuple[str, ...] = ()
    unseen: NotObserved | None = None


class Mount(Frozen):
    """A file system of which it is not known that only this machine's modes decide."""

    point: str
    type: str


class FileGrants(Frozen):
    """Everything that decides who reads a dataset which is files of this machine.

    :param ways: none is empty of files
    :param accounts: all that can be listed, and whoever owns something or is named by an access list
    :param mapped: whether the process sees numbers of users that the machine does not know them by (user_namespaces(7))
    """

    ways: tuple[FileWay, ...]
    accounts: tuple[Account, ...]
    groups: tuple[Group, ...]
    mounts: tuple[Mount, ...] = ()
    mapped: bool = False
