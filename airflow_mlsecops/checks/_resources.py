"""What checks of databases, catalogues and work groups share: which of them the policy means, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, fits
from airflow_mlsecops.checks._kms import key_trouble
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.unseen import NotObserved, Unseen

T = TypeVar("T")


def meant(found: Mapping[str, T], patterns: Iterable[str]) -> tuple[tuple[str, T | None], ...]:
    """Resources that the policy means, by name; ``None`` for a name in full that AWS does not know.

    A misspelt name must not leave the check with nothing to judge.

    :param found: all that AWS lists
    """
    patterns = tuple(patterns)
    missing = {name: None for name in patterns if "*" not in name and name not in found}
    return tuple(sorted({**{name: one for name, one in found.items() if fits(name, patterns)}, **missing}.items()))


def name_of(resource: tuple[str, object]) -> str:
    """What a resource is called in answers."""
    return resource[0]


def there(name: str, found: T | None) -> T:
    """A resource that AWS knows.

    :raises Unseen: if it does not
    """
    if found is None:
        raise Unseen(name, NotObserved(why="the policy names it, and AWS knows none of that name here"))
    return found


def summed(name: str, troubles: Iterable[str], *, fine: str, expected: str) -> Answer:
    """One answer about a resource of which several things are asked.

    :param troubles: what is wrong with it
    :param fine: what is so where nothing is wrong
    """
    found = tuple(troubles)
    if found:
        return failed(name, "; ".join(found), expected=expected)
    return passed(name, fine, expected=expected)


def at_rest(what: str, key: str, facts: Facts, demand: Demand) -> Iterator[str]:
    """What is wrong with how something is encrypted.

    :param what: it, at the beginning of a sentence
    :param key: id or ARN of its key; empty: none
    """
    if not key:
        yield f"{what} is not encrypted with a key of KMS"
    elif trouble := key_trouble(key, facts, demand):
        yield f"{what} is not encrypted with a key of this environment: {trouble}"


class Page(Shape):
    """One part of an answer of an operation that boto3 does not read to its end by itself."""

    next_token: str | None = None


P = TypeVar("P", bound=Page)


def pages(operation: Operation[P], facts: Facts, **params: Any) -> Iterator[P]:
    """Every page of an answer.

    :raises Unseen: if one was not observed, or they go round in a circle
    """
    token, seen = None, set[str]()
    while token not in seen:
        seen |= {token} if token else set()
        page = aws(facts).need(operation, **params, **({"NextToken": token} if token else {}))
        yield page
        if not (token := page.next_token):
            return
    raise Unseen(operation.call(**params).key, NotObserved(why="its pages have no end"))


class Parameter(Shape):
    """One parameter of a database."""

    parameter_name: str
    parameter_value: str = ""


class Parameters(Shape):
    """Answer of DescribeDBParameters and the like."""

    parameters: tuple[Parameter, ...]

    def value(self, name: str) -> str:
        """A parameter's value; empty if it has none."""
        return next((one.parameter_value.lower() for one in self.parameters if one.parameter_name == name), "")


def only(*names: str) -> Callable[[Any], Any]:
    """Keeps certain parameters of an answer, of which there are hundreds."""

    def keep(answer: Any) -> Any:
        listed = answer.get("Parameters", ())
        return {"Parameters": [one for one in listed if one.get("ParameterName") in names]}

    return keep
