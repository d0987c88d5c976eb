"""One reviewed folder as the product uses it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity
from airflow_mlsecops.core.policy import STRICTEST, Policy
from airflow_mlsecops.detectors import all_detectors
from airflow_mlsecops.detectors import entities as built_in
from airflow_mlsecops.policy.cases import Case, read_cases
from airflow_mlsecops.policy.cedar import AccessRules, access_rules
from airflow_mlsecops.policy.consistency import doubts
from airflow_mlsecops.policy.detectors import read_detectors
from airflow_mlsecops.policy.mistakes import Mistake, nearest, quoted, refuse
from airflow_mlsecops.policy.shape import line_at, shaped
from airflow_mlsecops.policy.snapshot import ACCESS, CASES, POLICY, digest, snapshot
from airflow_mlsecops.policy.text import read_text
from airflow_mlsecops.policy.tree import Node, lines_of, read_yaml

_KEY = b"-----BEGIN PUBLIC KEY-----"


@dataclass(frozen=True, slots=True)
class PolicyFolder:
    """A policy folder that was read, understood and found without a mistake.

    :param own: detectors that it brings along
    :param keys: trusted public keys in PEM, by file name without ``.pub``
    :param location: where the folder is
    :param files: every file's bytes by its name relative to the folder
    """

    policy: Policy
    access: AccessRules
    cases: tuple[Case, ...]
    own: tuple[Detector, ...]
    keys: Mapping[str, bytes]
    location: str
    files: Mapping[str, bytes] = field(repr=False)

    @property
    def detectors(self) -> tuple[Detector, ...]:
        """What every scan under this policy looks for: the detectors of this version, and the folder's own."""
        return (*all_detectors(), *self.own)

    @property
    def entities(self) -> Mapping[str, Entity]:
        """Every entity that they can name."""
        return _entities(self.own)


def load(folder: Any) -> PolicyFolder:
    """Read a policy folder.

    :param folder: a ``pathlib.Path``, or a path of an object store with the same methods
    :raises PolicyError: naming every mistake with its file and line
    """
    location = str(folder)
    files, mistakes = snapshot(folder)
    own, wrong = read_detectors(files, built_in())
    mistakes += wrong
    entities = _entities(own)
    policy, wrong = _policy(files, entities)
    mistakes += wrong
    access, wrong = _access(files, entities)
    mistakes += wrong
    cases, wrong = _cases(files, entities)
    mistakes += wrong + _private_keys(files)
    if policy and access and not mistakes:
        mistakes += _never(files[ACCESS].decode(), access, policy)
    if mistakes or policy is None or access is None:
        refuse(mistakes, location)
    keys = {name.removeprefix("keys/").removesuffix(".pub"): files[name] for name in files if name.startswith("keys/")}
    policy = policy.model_copy(update={"digest": digest(files)})
    return PolicyFolder(policy, access, cases, own, MappingProxyType(keys), location, MappingProxyType(files))


def default_folder() -> Path:
    """The folder that serves where none is configured."""
    return Path(__file__).with_name("default")


def read_policy(text: str, entities: Mapping[str, Entity]) -> tuple[Policy | None, Node | None, list[Mistake]]:
    """Read the text of ``policy.yaml``; with any mistake there is no policy.

    :param entities: every entity that it may name
    """
    root, mistakes = read_yaml(POLICY, text)
    if root is None:
        return None, None, mistakes
    policy, wrong = shaped(POLICY, root, Policy, filled=("digest", "lines"))
    mistakes += wrong
    if policy is None:
        return None, root, mistakes
    mistakes += [Mistake(POLICY, line_at(root, path), sentence) for path, sentence in doubts(policy, entities)]
    return policy.model_copy(update={"lines": lines_of(root)}), root, mistakes


def _entities(own: tuple[Detector, ...]) -> Mapping[str, Entity]:
    return {**built_in(), **{detector.entity.name: detector.entity for detector in own}} if own else built_in()


def _policy(files: Mapping[str, bytes], entities: Mapping[str, Entity]) -> tuple[Policy | None, list[Mistake]]:
    if POLICY not in files:
        return None, []
    text, mistakes = read_text(POLICY, files[POLICY])
    if mistakes:
        return None, mistakes
    policy, _, mistakes = read_policy(text, entities)
    return policy, mistakes


def _access(files: Mapping[str, bytes], entities: Mapping[str, Entity]) -> tuple[AccessRules | None, list[Mistake]]:
    if ACCESS not in files:
        return None, []
    text, mistakes = read_text(ACCESS, files[ACCESS])
    return (None, mistakes) if mistakes else access_rules(ACCESS, text, entities)


def _never(text: str, access: AccessRules, policy: Policy) -> list[Mistake]:
    """Words of the rules that no request holds, for ``policy.yaml`` has none such: a forbid by one forbids nothing."""
    known = {"resource.stage": {*policy.stages, STRICTEST.stage}, "context.approvals": set(policy.approvers)}
    strangers = sorted((path, word) for path, word in access.words if word not in known.get(path, {word}))
    return [
        Mistake(
            ACCESS,
            _line_of(word, text),
            f"{path} is never {quoted(word)} here{nearest(word, known[path])}",
        )
        for path, word in strangers
    ]


def _line_of(word: str, text: str) -> int:
    place = text.find(f'"{word}"')
    return text.count("\n", 0, place) + 1 if place >= 0 else 0


def _cases(files: Mapping[str, bytes], entities: Mapping[str, Entity]) -> tuple[tuple[Case, ...], list[Mistake]]:
    if CASES not in files:
        return (), []
    text, mistakes = read_text(CASES, files[CASES])
    if mistakes:
        return (), mistakes
    root, mistakes = read_yaml(CASES, text)
    if root is None:
        return (), mistakes
    cases, wrong = read_cases(CASES, root, entities)
    return cases, mistakes + wrong


def _private_keys(files: Mapping[str, bytes]) -> list[Mistake]:
    keys = {name: data for name, data in files.items() if name.startswith("keys/")}
    leaked = [name for name, data in keys.items() if b"PRIVATE KEY" in data]
    other = [name for name, data in keys.items() if _KEY not in data and name not in leaked]
    return [
        *(Mistake(name, 0, "holds a private key: take it out, and retire that key") for name in leaked),
        *(Mistake(name, 0, f"is not a public key in PEM ({_KEY.decode()})") for name in other),
    ]
