"""Who can read a dataset in fact: one way in, from the principal to the data."""

from __future__ import annotations

from enum import StrEnum

from airflow_mlsecops.core.frozen import Frozen


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
