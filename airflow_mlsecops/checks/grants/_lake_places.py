"""Places in S3 that are registered with Lake Formation, which hands out credentials for them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from airflow_mlsecops.checks._lake import LIST_REGISTRATIONS, Registration
from airflow_mlsecops.checks._people import role_in
from airflow_mlsecops.checks._resources import pages
from airflow_mlsecops.checks.grants._inquiry import Inquiry

_ARN = re.compile(r"arn:[a-z0-9-]+:s3:::")
_URI = re.compile(r"s3[an]?://(?:[^/@]*@)?", re.IGNORECASE)  # with the connection that a dataset may name


def place_in_s3(uri: str) -> str:
    """Bucket and prefix with a slash at their end; empty where a URI or an ARN speaks of no place in S3."""
    if found := _ARN.match(uri):
        return _ended(uri[found.end() :].removesuffix("*"))
    found = _URI.match(uri)
    return _ended(uri[found.end() :]) if found else ""


def _ended(path: str) -> str:
    steps = [step for step in path.split("/") if step]
    return "/".join((*steps, "")) if steps else ""


def meet(one: str, other: str) -> bool:
    """True if a place is another, or lies in it, or holds it."""
    return bool(one and other) and (one.startswith(other) or other.startswith(one))


@dataclass(frozen=True, slots=True)
class Registered:
    """A place for which Lake Formation hands out credentials."""

    place: str
    role: str
    hybrid: bool
    privileged: bool

    @property
    def told(self) -> str:
        """The last step of a chain."""
        by = f"role {self.role}" if self.role else "a role of its own"
        return f"{uri_of(self.place)} registered with Lake Formation, which reads it as {by}"


def uri_of(place: str) -> str:
    """A place as people write it."""
    return f"s3://{place.removesuffix('/')}"


def registered(place: str, inquiry: Inquiry, region: str) -> tuple[Registered, ...]:
    """Registrations at, above and below a place: those that hold all of it first.

    :raises Unseen: if nobody could list them
    """
    found = (one for page in pages(LIST_REGISTRATIONS, inquiry.facts, region=region) for one in page.resource_info_list)
    met = (one for one in map(_read, found) if meet(one.place, place))
    return tuple(sorted(met, key=lambda one: (not place.startswith(one.place), -len(one.place))))


def _read(one: Registration) -> Registered:
    role = role_in(one.role_arn or "")
    return Registered(place_in_s3(one.resource_arn), role, one.hybrid_access_enabled, one.with_privileged_access)
