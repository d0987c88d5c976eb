"""What checks of AWS share: the resources they concern, and how each is judged by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from airflow_mlsecops.checks._answer import not_applicable
from airflow_mlsecops.core.aws import AwsFacts
from airflow_mlsecops.core.check import Answer, Demand, unseen
from airflow_mlsecops.core.environment import Aws
from airflow_mlsecops.core.facts import Facts, NotObserved
from airflow_mlsecops.core.policy import matches
from airflow_mlsecops.core.unseen import Unseen

T = TypeVar("T")
Ask = Callable[[Facts, Demand], "Answer | tuple[Answer, ...]"]


def aws(facts: Facts) -> AwsFacts:
    """What was observed of AWS.

    :raises Unseen: if nobody looked
    """
    if isinstance(facts.aws, AwsFacts):
        return facts.aws
    raise Unseen("AWS", facts.aws or NotObserved())


def profile(demand: Demand) -> Aws:
    """What of AWS belongs to the environment; nothing, where the policy says nothing."""
    return demand.profile.aws or Aws()


def listed(values: tuple[str, ...], field: str) -> tuple[str, ...]:
    """What the policy names, which must be something: an empty list would let anything through.

    :param field: of ``aws:`` in the environment's profile
    :raises Unseen: if it is empty
    """
    if not values:
        raise Unseen(f"what belongs to this environment (aws.{field})", NotObserved(why="the policy names none"))
    return values


def fits(name: str, patterns: Iterable[str]) -> bool:
    """True if a name matches one of the policy's globs."""
    return any(matches(pattern, name) for pattern in patterns)


def in_aws(judge: Ask, subject: str = "aws") -> Ask:
    """A question that arises only where the environment, the dataset or the job is in AWS."""

    def ask(facts: Facts, demand: Demand) -> Answer | tuple[Answer, ...]:
        if facts.aws is None:
            return not_applicable(subject, "neither the environment, the dataset nor the job is in AWS")
        return judge(facts, demand)

    return ask


def there_is(subjects: Iterable[T], holds: Callable[[T], bool]) -> T | None:
    """The first of which something holds, whatever stands before it that nobody can see.

    :raises Unseen: if it holds of none that can be seen, and one could not be seen
    """
    hidden: Unseen | None = None
    for one in subjects:
        try:
            if holds(one):
                return one
        except Unseen as end:
            hidden = hidden or end
    if hidden is not None:
        raise hidden
    return None


def home(region: str, facts: Facts) -> str:
    """The region to ask in; empty where that is the connection's own."""
    return "" if region == aws(facts).region else region


def each(
    subjects: Callable[[Facts, Demand], Iterable[T]],
    judge: Callable[[T, Facts, Demand], Answer],
    *,
    none: Callable[[], Answer],
    name: Callable[[T], str] = str,
) -> Ask:
    """A question asked of each resource by itself: one that cannot be seen leaves the others their answers.

    :param subjects: the resources; may raise Unseen, which leaves the whole question open
    :param none: the answer where there is no such resource
    :param name: what a resource is called in answers
    """
    return in_aws(each_anywhere(subjects, judge, none=none, name=name))


def each_anywhere(
    subjects: Callable[[Facts, Demand], Iterable[T]],
    judge: Callable[[T, Facts, Demand], Answer],
    *,
    none: Callable[[], Answer],
    name: Callable[[T], str] = str,
) -> Ask:
    """The same, where the question arises outside of AWS too."""

    def ask(facts: Facts, demand: Demand) -> Answer | tuple[Answer, ...]:
        return tuple(_judged(judge, one, name(one), facts, demand) for one in subjects(facts, demand)) or none()

    return ask


def _judged(judge: Callable[[T, Facts, Demand], Answer], one: T, name: str, facts: Facts, demand: Demand) -> Answer:
    try:
        return judge(one, facts, demand)
    except Unseen as end:
        return unseen(name, end)
