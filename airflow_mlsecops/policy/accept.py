"""What a reviewer is asked to add so that a class that is new becomes known; nothing is written."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from airflow_mlsecops.core.policy import STRICTEST, DatasetRule, Policy
from airflow_mlsecops.core.record import Record
from airflow_mlsecops.core.words import printable
from airflow_mlsecops.policy.edit import Edits, Known, flow_list, flow_mapping, scalar
from airflow_mlsecops.policy.folder import PolicyFolder, read_policy
from airflow_mlsecops.policy.snapshot import POLICY
from airflow_mlsecops.policy.tree import Node, read_yaml


def accept_patch(folder: PolicyFolder, record: Record) -> str:
    """A patch to ``policy.yaml`` by which the classes that a record calls NEW become known.

    The lines before the patch say what it does and where; ``git apply`` skips them. Where the patch cannot be proven
    to add exactly that, only those lines are given, with what to write by hand.

    :param record: of a classification that said ``ENTITY_NEW``
    :returns: empty where nothing is new, or where the policy knows it already
    """
    rule, place = folder.policy.rule_for(record.verdict.dataset)
    known = _unknown_yet(record, rule)
    if not known:
        return ""
    old = folder.files[POLICY].decode()
    new = _edited(old, folder.policy, record.verdict.dataset, known)
    told = "".join(f"# {line}\n" for line in _told(record.verdict.dataset, rule, place, known))
    if not _adds_only(new, folder, record.verdict.dataset, known):
        return told + "".join(f"# {line}\n" for line in _by_hand(place, known))
    return told + _diff(old, new)


def _unknown_yet(record: Record, rule: DatasetRule) -> Known:
    new = sorted({(f.subject, f.entity) for f in record.verdict.findings if f.code == "ENTITY_NEW" and f.entity})
    known: dict[str, list[str]] = {}
    for column, entity in new:
        if entity not in rule.known.get(column, ()):
            known.setdefault(column, []).append(entity)
    return known


def _edited(text: str, policy: Policy, identity: str, known: Known) -> str:
    root, _ = read_yaml(POLICY, text)
    assert root is not None, "a loaded policy was read before"
    edits = Edits()
    datasets = root.child("datasets")
    rule = datasets.child(_index(policy, identity)) if datasets else None
    if rule is not None:
        _add_known(edits, rule, known)
    else:
        _add_rule(edits, root, datasets, _new_rule(policy, identity, known))
    return edits.applied(text)


def _index(policy: Policy, identity: str) -> int:
    rule, _ = policy.rule_for(identity)
    return len(policy.datasets) if rule is STRICTEST else policy.datasets.index(rule)


def _add_known(edits: Edits, rule: Node, known: Known) -> None:
    said = rule.child("known")
    if said is None:
        edits.add_member(rule, "known", flow_mapping(known))
        return
    for column, names in known.items():
        there = said.child(column)
        if there is None:
            edits.add_member(said, column, flow_list(names))
            continue
        for name in names:
            edits.add_item(there, name)


def _add_rule(edits: Edits, root: Node, datasets: Node | None, rule: list[tuple[str, str]]) -> None:
    inline = f"{{{', '.join(f'{key}: {value}' for key, value in rule)}}}"
    if datasets is None:
        edits.add_member(root, "datasets", f"[{inline}]")
    elif datasets.flow or not datasets.items:
        edits.inline[datasets.start[0], datasets.start[1] + 1] = f"{inline}, " if datasets.items else inline
    else:
        # Above the first: the first match counts.
        margin = " " * datasets.start[1]
        marks = ["- ", *["  "] * (len(rule) - 1)]
        lines = [f"{margin}{mark}{key}: {value}" for mark, (key, value) in zip(marks, rule, strict=True)]
        edits.below[datasets.start[0] - 1] += lines


def _new_rule(policy: Policy, identity: str, known: Known) -> list[tuple[str, str]]:
    return [("match", scalar(identity)), ("stage", scalar(_stage(policy))), ("known", flow_mapping(known))]


def _stage(policy: Policy) -> str:
    """The stage that holds least: whoever reviews the patch may widen it, and sees that they do."""
    stages = policy.stages
    return min(stages, key=lambda name: (stages[name].up_to.rank, len(stages[name].may_hold), name))


def _adds_only(text: str, folder: PolicyFolder, identity: str, known: Known) -> bool:
    """True if the edited text is a sound policy which says all that the old one did, and what was to be added."""
    read, _, mistakes = read_policy(text, folder.entities)
    if read is None or mistakes:
        return False
    policy = folder.policy
    index, rules = _index(policy, identity), list(policy.datasets)
    if index == len(rules):
        rules.insert(0, DatasetRule(match=identity, stage=_stage(policy)))
        index = 0
    before = rules[index].known
    added = {column: (*before.get(column, ()), *names) for column, names in known.items()}
    rules[index] = rules[index].model_copy(update={"known": {**before, **added}})
    return _said(read) == _said(policy.model_copy(update={"datasets": tuple(rules)}))


def _said(policy: Policy) -> dict[str, object]:
    return policy.model_dump(exclude={"digest", "lines"})


def _told(identity: str, rule: DatasetRule, place: str, known: Known) -> Iterator[str]:
    where = f"{place}: a new rule" if rule is STRICTEST else f"{place}: rule {printable(rule.match)}"
    yield f"{where}, for {printable(identity)}"
    for column, names in known.items():
        yield f"column {printable(column)} is known to hold {', '.join(names)}"
    if rule is STRICTEST:
        yield "no rule matches this dataset: choose its stage, and say its purposes and owner"


def _by_hand(place: str, known: Known) -> Iterator[str]:
    yield f"this could not be made a patch: add by hand at {place}"
    yield "  known:"
    for column, names in known.items():
        yield f"    {scalar(column)}: {flow_list(names)}"


def _diff(old: str, new: str) -> str:
    lines = difflib.unified_diff(
        old.splitlines(keepends=True), new.splitlines(keepends=True), f"a/{POLICY}", f"b/{POLICY}"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
