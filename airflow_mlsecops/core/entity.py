"""A kind of sensitive data, and what it means for a person or a company."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.level import Level


class Role(StrEnum):
    """What an entity does to the person it is about."""

    DIRECT = "direct identifier"
    QUASI = "quasi-identifier"
    SPECIAL = "special category"
    SECRET = "secret"  # noqa: S105 - the name of a role, not a password
    FINANCIAL = "financial"
    HEALTH = "health"


class Entity(Frozen):
    """A kind of sensitive data.

    :param name: stable, upper case; Presidio's name where it has one (``EMAIL_ADDRESS``)
    :param title: what people read, singular, as it stands inside a sentence ("e-mail address")
    :param role: what it does to the person it is about
    :param level: how sensitive it is unless the policy says otherwise
    :param tags: regulations that speak of it (``GDPR``, ``GDPR-9``, ``HIPAA``, ``PCI-DSS``)
    """

    name: str = Field(pattern=r"^[A-Z][A-Z0-9_]{1,59}$")
    title: str
    role: Role
    level: Level
    tags: tuple[str, ...] = ()
