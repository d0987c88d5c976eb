"""Who can read a dataset in fact: each way in, from the principal to the data."""

from __future__ import annotations

from enum import StrEnum

from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.glob import matches

ANYBODY = "*"
"""What stands for everybody there is, in places that let everybody in."""


class Kind(StrEnum):
    """What a principal is."""

    APPLICATION = "application"
    PERSON = "person"
    SERVICE = "service"
    OUTSIDE = "outside"
    ANYBODY = "anybody"
    UNTOLD = "untold"


class Grant(Frozen):
    """One way by which one principal can read a dataset.

    :param principal: database role, ARN, account or ``*``, as the system itself calls it
    :param kind: what it is, as far as its name and trust tell
    :param sure: false where it *may*: a condition that cannot be decided, a document that nobody may read
    :param how: the chain, from the principal to the data, each step in words (``member of analysts``, ``SELECT granted
        by owner``, ``statement Train of the bucket policy``)
    :param undo: the exact command that ends this way in; empty where there is none short of another design
    :param since: when it was granted, as the system says; empty where it does not
    """

    principal: str
    kind: Kind
    sure: bool = True
    how: tuple[str, ...]
    undo: str = ""
    since: str = ""


class Allowed(Frozen):
    """Whom the policy lets read a dataset.

    :param readers: globs over principals, as the system itself calls them; ``*`` or ``**`` by itself lets anybody, too
    :param people: globs over those whom people use; what they are, not what they may
    """

    readers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    def lets(self, principal: str) -> bool:
        """True if a principal may read; anybody at all only where a line says just that, as ``*`` or ``**``."""
        if principal == ANYBODY:
            return any(pattern in (ANYBODY, "**") for pattern in self.readers)
        return any(matches(pattern, principal) for pattern in self.readers)

    def kind(self, principal: str) -> Kind:
        """What a principal is, where its name alone can tell: a person before an application."""
        if any(matches(pattern, principal) for pattern in self.people):
            return Kind.PERSON
        return Kind.APPLICATION if self.lets(principal) else Kind.UNTOLD


class Readers(Frozen):
    """Who can read a dataset, and what of that nobody could see.

    :param grants: each way of each principal; none at all means that not even whoever asked was found
    :param hidden: what nobody could see, each a sentence that names the permission or fact that is missing
    :param commands: run in this order, they end every way of whoever is not allowed, and keep the allowed as they are;
        what has no command is not among them
    """

    grants: tuple[Grant, ...]
    hidden: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
