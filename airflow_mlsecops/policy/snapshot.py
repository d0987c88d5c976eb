"""The bytes of a policy folder, read once: what is digested is what is parsed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from airflow_mlsecops.core.errors import PolicyError
from airflow_mlsecops.policy.mistakes import Mistake, nearest

POLICY, ACCESS, CASES = "policy.yaml", "access.cedar", "cases.yaml"
_LIMITS = {POLICY: 1 << 20, ACCESS: 256 << 10, CASES: 1 << 20}
_README_LIMIT, _MOST_FILES = 1 << 20, 1000
_NOT_YET = {"teams": "rules by team are not supported by this version: merge them into policy.yaml"}
# Folders inside: the ending that their files have, how large one may be, and what to say of others.
_INSIDE = {
    "keys": (".pub", 16 << 10, "keys/ holds public keys named *.pub only"),
    "detectors": (".yaml", 64 << 10, "detectors/ holds detectors named *.yaml only"),
}


def snapshot(folder: Any) -> tuple[dict[str, bytes], list[Mistake]]:
    """Every file by its name relative to the folder, and what does not belong there.

    :param folder: a ``pathlib.Path``, or a path of an object store with the same methods
    :raises PolicyError: ``POLICY_UNREADABLE`` if the folder or a file of it cannot be read
    """
    try:
        return _read(folder)
    except NotADirectoryError:
        raise PolicyError(
            f"policy folder {folder} cannot be read: it is no folder; name the one that holds policy.yaml",
            code="POLICY_UNREADABLE",
        ) from None
    except OSError as error:
        raise PolicyError(
            f"policy folder {folder} cannot be read ({type(error).__name__}): see that it is there, and that this "
            "task's user may list and read it",
            code="POLICY_UNREADABLE",
        ) from None


def digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 over every name and content, each framed by its length, so that no two folders share one."""
    total = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(errors="surrogateescape"), files[name]):
            total.update(len(part).to_bytes(8, "big") + part)
    return total.hexdigest()


def _read(folder: Any) -> tuple[dict[str, bytes], list[Mistake]]:
    files: dict[str, bytes] = {}
    mistakes: list[Mistake] = []
    for name, entry in _entries(folder):
        limit = _limit(name)
        wrong = _out_of_place(folder, name, entry, limit)
        # One byte more than allowed is read, whatever the size said to be: a file may grow, a store may not know.
        with_room = b"" if wrong else _bounded(entry, limit)
        if len(with_room) > limit:
            wrong = f"is larger than {limit:,} bytes"
        if wrong:
            mistakes.append(Mistake(name, 0, wrong))
        else:
            files[name] = with_room
    return files, mistakes + _absent(files, mistakes)


def _entries(folder: Any) -> Iterator[tuple[str, Any]]:
    count = 0
    for entry in sorted(folder.iterdir(), key=lambda entry: str(entry.name)):
        if entry.name.startswith(".git"):
            continue
        opened = _opened(entry)
        for file in sorted(entry.iterdir(), key=lambda file: str(file.name)) if opened else [entry]:
            count += 1
            if count > _MOST_FILES:
                raise PolicyError(f"policy folder {folder} holds more than {_MOST_FILES:,} files")
            yield (f"{entry.name}/{file.name}" if opened else entry.name), file


def _opened(entry: Any) -> bool:
    return bool(entry.name in _INSIDE and entry.is_dir() and not _links_out(entry.parent, entry))


def _limit(name: str) -> int:
    inside, slash, file = name.partition("/")
    if slash:
        ending, limit, _ = _INSIDE[inside]
        return limit if file.endswith(ending) else 0
    return _README_LIMIT if name.startswith("README") else _LIMITS.get(name, 0)


def _out_of_place(folder: Any, name: str, entry: Any, limit: int) -> str:
    if _links_out(folder, entry):
        return "is a symbolic link out of the policy folder: put the file itself there"
    if name in _NOT_YET:
        return _NOT_YET[name]
    if not limit:
        inside, slash, _ = name.partition("/")
        return _INSIDE[inside][2] if slash else f"does not belong here{nearest(name, (*_LIMITS, *_INSIDE))}"
    return "" if entry.is_file() else "is not a file"


def _links_out(folder: Any, entry: Any) -> bool:
    # Only local paths have links; a path of an object store is no pathlib.Path.
    return isinstance(entry, Path) and not entry.resolve().is_relative_to(Path(folder).resolve())


def _bounded(entry: Any, limit: int) -> bytes:
    with entry.open("rb") as stream:
        return bytes(stream.read(limit + 1))


def _absent(files: Mapping[str, bytes], mistakes: list[Mistake]) -> list[Mistake]:
    wrong = {mistake.file for mistake in mistakes}
    why = {
        POLICY: "is missing: it says what each dataset may hold",
        ACCESS: "is missing: it says who may use a dataset",
        CASES: "is missing: a policy without tests of its own is not accepted; write `[]` to begin with",
    }
    return [Mistake(name, 0, text) for name, text in why.items() if name not in files and name not in wrong]
