"""Jobs that are known in parts: several that one call submits, and one that refers to what is kept elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from airflow_mlsecops.core.job import Container, JobFacts

_ALL_OF_ALL = ("inputs", "weights", "outputs", "keys", "roles", "refers", "unread")


def together(kind: str, jobs: Iterable[JobFacts], name: str = "") -> JobFacts:
    """Several jobs as one that is as weak as the weakest of them.

    :param jobs: at least one; what one of them does not speak of (``None``), the others decide
    """
    said = _Said(tuple(jobs))
    return JobFacts(
        kind=kind,
        name=name,
        subnets=said.by_all("subnets"),
        security_groups=said.by_all("security_groups"),
        network_isolation=said.truth("network_isolation", weak=False),
        traffic_encryption=said.truth("traffic_encryption", weak=False),
        public_address=said.truth("public_address", weak=True),
        instances=max(said.values("instances"), default=None),
        host=said.any_of("host") if said.values("host") else None,
        **{field: said.any_of(field) for field in _ALL_OF_ALL},
        containers=said.any_of("containers"),
    )


def completed(job: JobFacts, base: JobFacts) -> JobFacts:
    """A job with what it refers to.

    :param base: what it refers to, as a job of its own; its roles count where the job names none
    """
    return together(job.kind, (job, base), job.name).model_copy(
        update={
            "containers": _overlaid(job.containers, base.containers),
            "roles": job.roles or base.roles,
            "refers": base.refers,
        }
    )


class _Said:
    """What several jobs say of the same thing."""

    def __init__(self, jobs: tuple[JobFacts, ...]) -> None:
        self.jobs = jobs

    def values(self, field: str) -> list[Any]:
        """What those say that speak of it."""
        return [value for job in self.jobs if (value := getattr(job, field)) is not None]

    def any_of(self, field: str) -> tuple[Any, ...]:
        """Whatever one of them names."""
        return tuple(dict.fromkeys(one for value in self.values(field) for one in value))

    def by_all(self, field: str) -> tuple[str, ...] | None:
        """The same, or nothing where one of them names nothing: that one is in no network of ours."""
        values = self.values(field)
        if not values:
            return None
        return self.any_of(field) if all(values) else ()

    def truth(self, field: str, *, weak: bool) -> bool | None:
        """The weak answer if one of them gives it."""
        values = self.values(field)
        if not values:
            return None
        return weak if weak in values else not weak


def _overlaid(over: tuple[Container, ...], base: tuple[Container, ...]) -> tuple[Container, ...]:
    """Containers with the secrets that a job gives them; what it gives to none of them by name, it may give to each."""
    names = {one.name for one in base}
    return (
        *(given for given in over if given.image),
        *(_with(one, [given for given in over if given.name == one.name or given.name not in names]) for one in base),
    )


def _with(one: Container, given: list[Container]) -> Container:
    secrets = {*one.secrets, *(name for more in given for name in more.secrets)}
    return one.model_copy(update={"secrets": tuple(sorted(secrets))})
