"""Which Airflow connections the tasks of a DAG name, and where those belong.

What a task names is read from its attributes and arguments. A connection that a Python function opens by itself is
invisible from here.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain

from airflow_mlsecops.core.dataset import parse
from airflow_mlsecops.core.facts import ConnectionFacts, NotObserved

UNDECIDED = "{{ decided at run time }}"
_TEMPLATE_MARKS = ("{{", "{%", "{#")
_DATASET_ARGUMENTS = ("dataset", "parents")
# Where mapped and decorated tasks keep arguments that are no attributes of theirs.
_ARGUMENTS = ("partial_kwargs", "op_kwargs")
_MAPPED_ARGUMENTS = ("expand_input", "op_kwargs_expand_input")


def used(tasks: Iterable[object]) -> Mapping[str, tuple[str, ...]]:
    """Ids of the connections that tasks name, each with the tasks that name it.

    Looked at are attributes and arguments that end in ``conn_id``, and the datasets of gates. What is known only once
    the task runs (a template, another task's output) counts as a connection that cannot be looked up.
    """
    found: dict[str, set[str]] = {}
    for task in tasks:
        for name, value in _named_values(task):
            for connection in _connections(name, value):
                found.setdefault(connection, set()).add(str(getattr(task, "task_id", type(task).__name__)))
    return {connection: tuple(sorted(found[connection])) for connection in sorted(found)}


def observe(
    used: Mapping[str, tuple[str, ...]], lookup: Callable[[str], ConnectionFacts | NotObserved]
) -> tuple[ConnectionFacts, ...] | NotObserved:
    """Look every connection up; one that cannot be seen leaves the whole question open."""
    seen: list[ConnectionFacts] = []
    missing: list[str] = []
    for connection, tasks in sorted(used.items()):
        facts = _looked_up(connection, lookup)
        if isinstance(facts, NotObserved):
            missing.append(f"{facts.why} (used by {', '.join(tasks)})")
        else:
            seen.append(facts.model_copy(update={"used_by": tasks}))
    return NotObserved(why="; ".join(missing)) if missing else tuple(seen)


def _looked_up(
    connection: str, lookup: Callable[[str], ConnectionFacts | NotObserved]
) -> ConnectionFacts | NotObserved:
    if any(mark in connection for mark in _TEMPLATE_MARKS):
        return NotObserved(why="a connection is decided only when the task runs: write its id out")
    return lookup(connection)


def _named_values(task: object) -> Iterator[tuple[str, object]]:
    """Names and values of attributes and arguments, without running code of the task's: a property may do anything."""
    own = chain.from_iterable(vars(kind).items() for kind in reversed(type(task).__mro__))
    yield from {**dict(own), **getattr(task, "__dict__", {})}.items()
    yield from _positional(task)
    for place in _ARGUMENTS:
        yield from _pairs(getattr(task, place, None))
    for place in _MAPPED_ARGUMENTS:
        yield from _pairs(getattr(getattr(task, place, None), "value", None))


def _positional(task: object) -> Iterator[tuple[str, object]]:
    """Arguments that a Python task was given by their place, under the names that its function has for them."""
    function, given = getattr(task, "python_callable", None), getattr(task, "op_args", None)
    if callable(function) and isinstance(given, list | tuple):
        yield from zip(inspect.signature(function).parameters, given, strict=False)


def _pairs(arguments: object) -> Iterator[tuple[str, object]]:
    """Arguments, also those nested in a list of them, as ``expand_kwargs`` takes them."""
    if isinstance(arguments, Mapping):
        for name, value in arguments.items():
            yield str(name), value
            if name == "op_kwargs":
                yield from _pairs(value)
    elif isinstance(arguments, list | tuple):
        yield from chain.from_iterable(map(_pairs, arguments))


def _connections(name: str, value: object) -> Iterator[str]:
    if name.endswith("conn_id"):
        yield from _ids(value)
    elif name in _DATASET_ARGUMENTS:
        yield from _of_datasets(value)


def _ids(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if value.strip():
            yield value.strip()
    elif isinstance(value, Mapping):
        yield from chain.from_iterable(map(_ids, value.values()))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from chain.from_iterable(map(_ids, value))
    elif callable(getattr(value, "resolve", None)):
        yield UNDECIDED


def _of_datasets(value: object) -> Iterator[str]:
    if isinstance(value, list | tuple | Mapping):  # of parents with their partitions, the keys
        yield from chain.from_iterable(map(_of_datasets, value))
        return
    uri = value if isinstance(value, str) else getattr(value, "uri", None)
    if not isinstance(uri, str):
        return
    try:
        connection = parse(uri).connection
    except ValueError:
        return  # an argument of another operator's that happens to have this name
    if connection:
        yield connection
