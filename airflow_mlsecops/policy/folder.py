"""One reviewed folder as the product uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from airflow_mlsecops.core.policy import Policy
from airflow_mlsecops.policy.cases import Case, read_cases
from airflow_mlsecops.policy.cedar import AccessRules, access_rules
from airflow_mlsecops.policy.consistency import doubts
from airflow_mlsecops.policy.mistakes import Mistake, refuse
from airflow_mlsecops.policy.shape import line_at, shaped
from airflow_mlsecops.policy.snapshot import ACCESS, CASES, POLICY, digest, snapshot
from airflow_mlsecops.policy.text import read_text
from airflow_mlsecops.policy.tree import Node, lines_of, read_yaml

_KEY = b"-----BEGIN PUBLIC KEY-----"


@dataclass(frozen=True, slots=True)
class PolicyFolder:
    """A policy folder that was read, understood and found without a mistake.

    :param keys: trusted public keys in PEM, by file name without ``.pub``
    :param location: where the folder is
    :param files: every file's bytes by its name relative to the folder
    """

    policy: Policy
    access: AccessRules
    cases: tuple[Case, ...]
    keys: Mapping[str, bytes]
    location: str
    files: Mapping[str, bytes] = field(repr=False)


def load(folder: Any) -> PolicyFolder:
    """Read a policy folder.

    :param folder: a ``pathlib.Path``, or a path of an object store with the same methods
    :raises PolicyError: naming every mistake with its file and line
    """
    location = str(folder)
    files, mistakes = snapshot(folder)
    policy, wrong = _policy(files)
    mistakes += wrong
    access, wrong = _access(files)
    mistakes += wrong
    cases, wrong = _cases(files)
    mistakes += wrong + _private_keys(files)
    if mistakes or policy is None or access is None:
        refuse(mistakes, location)
    keys = {name.removeprefix("keys/").removesuffix(".pub"): files[name] for name in files if name.startswith("keys/")}
    policy = policy.model_copy(update={"digest": digest(files)})
    return PolicyFolder(policy, access, cases, MappingProxyType(keys), location, MappingProxyType(files))


def default_folder() -> Path:
    """The folder that serves where none is configured."""
    return Path(__file__).with_name("default")


def read_policy(text: str) -> tuple[Policy | None, Node | None, list[Mistake]]:
    """Read the text of ``policy.yaml``; with any mistake there is no policy."""
    root, mistakes = read_yaml(POLICY, text)
    if root is None:
        return None, None, mistakes
    policy, wrong = shaped(POLICY, root, Policy, filled=("digest", "lines"))
    mistakes += wrong
    if policy is None:
        return None, root, mistakes
    mistakes += [Mistake(POLICY, line_at(root, path), sentence) for path, sentence in doubts(policy)]
    return policy.model_copy(update={"lines": lines_of(root)}), root, mistakes


def _policy(files: Mapping[str, bytes]) -> tuple[Policy | None, list[Mistake]]:
    if POLICY not in files:
        return None, []
    text, mistakes = read_text(POLICY, files[POLICY])
    if mistakes:
        return None, mistakes
    policy, _, mistakes = read_policy(text)
    return policy, mistakes


def _access(files: Mapping[str, bytes]) -> tuple[AccessRules | None, list[Mistake]]:
    if ACCESS not in files:
        return None, []
    text, mistakes = read_text(ACCESS, files[ACCESS])
    return (None, mistakes) if mistakes else access_rules(ACCESS, text)


def _cases(files: Mapping[str, bytes]) -> tuple[tuple[Case, ...], list[Mistake]]:
    if CASES not in files:
        return (), []
    text, mistakes = read_text(CASES, files[CASES])
    if mistakes:
        return (), mistakes
    root, mistakes = read_yaml(CASES, text)
    if root is None:
        return (), mistakes
    cases, wrong = read_cases(CASES, root)
    return cases, mistakes + wrong


def _private_keys(files: Mapping[str, bytes]) -> list[Mistake]:
    keys = {name: data for name, data in files.items() if name.startswith("keys/")}
    leaked = [name for name, data in keys.items() if b"PRIVATE KEY" in data]
    other = [name for name, data in keys.items() if _KEY not in data and name not in leaked]
    return [
        *(Mistake(name, 0, "holds a private key: take it out, and retire that key") for name in leaked),
        *(Mistake(name, 0, f"is not a public key in PEM ({_KEY.decode()})") for name in other),
    ]
