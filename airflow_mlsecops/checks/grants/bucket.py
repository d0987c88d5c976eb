"""Who can read a dataset in S3, of what AWS answered: everybody by each way in, and what ends those of strangers.

The estate that the answers show is judged as in ``s3``. The key that a bucket encrypts new objects with need not be
that of all of them: whoever only the key holds off may read what was written otherwise, unless the bucket refuses that.
What needs a permission that whoever looks has not got is told in ``hidden``, and makes nobody less of a reader.
"""

from __future__ import annotations

from collections.abc import Iterator

from airflow_mlsecops.checks.grants._bucket_commands import commands
from airflow_mlsecops.checks.grants._collected import READS, Collected, collected
from airflow_mlsecops.checks.grants._encrypted import by_its_key_alone
from airflow_mlsecops.checks.grants._estate import Estate, Key
from airflow_mlsecops.checks.grants._how import UNSEEN_KEY, by_key
from airflow_mlsecops.checks.grants._inquiry import Inquiry
from airflow_mlsecops.checks.grants._readers import Found, found, unlisted
from airflow_mlsecops.checks.grants._who import called
from airflow_mlsecops.core.aws import AwsFacts, Call
from airflow_mlsecops.core.grant import Allowed, Grant, Readers
from airflow_mlsecops.core.unseen import NotObserved

__all__ = ["READS", "readers", "wanted"]


def readers(facts: AwsFacts, uri: str, allowed: Allowed) -> Readers:
    """Everybody who can read objects of a dataset, as far as AWS' answers tell.

    :param facts: what AWS was asked and what it answered
    :param uri: ``s3://bucket/prefix``
    :param allowed: whom the policy lets read; ``commands`` end the ways of all others
    :return: with what nobody could see, each sentence with the permission that is missing
    :raises ValueError: if the URI names no bucket
    """
    inquiry = Inquiry(facts)
    seen = collected(inquiry, uri, allowed.people)
    widest = _held_off_by_no_key(seen.estate)
    ways = found(widest)
    grants = tuple(_told(one, seen, allowed) for one in (*_ways_in(seen.estate, widest, ways), *seen.besides))
    ended = commands(widest, ways, allowed)
    others = (one.undo for one in seen.besides if one.undo and not allowed.lets(one.principal))
    return Readers(grants=grants, hidden=inquiry.hidden, commands=tuple(dict.fromkeys((*ended, *others))))


def wanted(facts: AwsFacts, uri: str) -> tuple[Call, ...]:
    """Calls that would tell more of who can read a dataset.

    :param uri: ``s3://bucket/prefix``
    :raises ValueError: if the URI names no bucket
    """
    inquiry = Inquiry(facts)
    collected(inquiry, uri, ())
    return inquiry.wanted


def _told(grant: Grant, seen: Collected, allowed: Allowed) -> Grant:
    """A grant as the policy calls its principal, and no surer than whose the bucket is."""
    kind = called(grant.principal, grant.kind, allowed)
    return grant.model_copy(update={"kind": kind, "sure": grant.sure and seen.sure})


def _held_off_by_no_key(estate: Estate) -> Estate:
    """The estate as it is for objects of any key; itself where all are surely encrypted with the bucket's, or none."""
    if not isinstance(estate.bucket.key, Key) or by_its_key_alone(estate):
        return estate
    return estate.model_copy(update={"bucket": estate.bucket.model_copy(update={"key": NotObserved()})})


def _ways_in(estate: Estate, widest: Estate, ways: tuple[Found, ...]) -> Iterator[Grant]:
    """Ways in with the key, and those that are open to who cannot use it: other objects may be encrypted otherwise.

    :param ways: into the estate as it is for objects of any key
    """
    with_key = ways if widest is estate else found(estate)
    grants = (*(one.grant for one in with_key), *unlisted(estate))
    yield from grants
    key = estate.bucket.key
    if widest is estate or not isinstance(key, Key):
        return
    told = {(one.principal, _unseen(one.how, key)) for one in grants}
    names = {one.principal for one in grants}
    for one in ways:
        grant = one.grant
        if (grant.principal, grant.how[:-1]) not in told and not (one.path and grant.principal in names):
            other = f"objects that {by_key(key)} does not encrypt, if there are any"
            how = tuple(other if step == UNSEEN_KEY else step for step in grant.how)
            yield grant.model_copy(update={"how": how})


def _unseen(how: tuple[str, ...], key: Key) -> tuple[str, ...]:
    """A chain but for its object, as it is called where nobody sees the key."""
    return tuple(UNSEEN_KEY if step == by_key(key) else step for step in how[:-1])
