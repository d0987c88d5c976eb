"""The question who can read a dataset in fact, asked for an access gate or on the command line."""

from __future__ import annotations

from pathlib import Path

from airflow_mlsecops.core.aws import AwsFacts, Call
from airflow_mlsecops.core.finding import Finding
from airflow_mlsecops.core.grant import Allowed, Readers
from airflow_mlsecops.core.judge_readers import judge_readers, not_asked
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.core.unseen import NotObserved
from airflow_mlsecops.operators.attempt import Attempt
from airflow_mlsecops.operators.demanded import Demanded, door


def readers(attempt: Attempt, level: Level) -> tuple[Finding, ...]:
    """Whether nobody but whom the policy lists can read the dataset, where the policy asks it of data of that level."""
    policy = attempt.policy
    rule, _ = policy.rule_for(attempt.identity)
    demanded = policy.tier(rule.tier).readers_from
    if level < demanded:
        return (not_asked(attempt.identity, level, demanded, policy.where(f"tiers.{rule.tier}")),)
    allowed = whom(attempt)
    return judged(attempt, who_reads(attempt, allowed), allowed)


def judged(attempt: Attempt, found: Readers | NotObserved, allowed: Allowed) -> tuple[Finding, ...]:
    """What is to be said of those who can read the dataset, given whom the policy lets."""
    profile = attempt.policy.environments.get(environment_of(attempt))
    return judge_readers(
        found,
        allowed,
        dataset=attempt.dataset.uri,
        gaps=profile.not_observable if profile else (),
        rule=attempt.policy.rule_for(attempt.identity)[1],
        today=attempt.now.date(),
    )


def whom(attempt: Attempt) -> Allowed:
    """Whom the policy lets read the dataset."""
    return attempt.policy.allowed(attempt.identity, attempt.hook.settings.environment)


def environment_of(attempt: Attempt) -> str:
    """The environment that the dataset belongs to."""
    rule, _ = attempt.policy.rule_for(attempt.identity)
    return rule.environment or attempt.hook.settings.environment


def who_reads(attempt: Attempt, allowed: Allowed) -> Readers | NotObserved:
    """Look at whatever decides who can read the dataset, and tell each way in.

    :param allowed: whom the policy lets read: what ends the ways of others is told with them
    """
    found = _looked(attempt, allowed)
    # Where the policy lists nobody, everybody would be ended, the task that asks among them.
    unlisted = isinstance(found, Readers) and not any(allowed.readers)
    return found.model_copy(update={"commands": ()}) if unlisted else found


def _looked(attempt: Attempt, allowed: Allowed) -> Readers | NotObserved:
    scheme = attempt.dataset.scheme
    if scheme == "file":
        return _of_files(Path(attempt.dataset.path), allowed)
    if scheme == "sql":
        return _of_table(attempt, allowed)
    if attempt.dataset.store == "s3":
        return _of_bucket(attempt, allowed)
    if scheme == "xcom":
        return NotObserved(why="a frame lies where Airflow keeps XCom, and who reads that is not asked")
    return NotObserved(why=f"who reads {scheme}:// is not asked: files, S3, PostgreSQL and SQLite are")


def _of_files(path: Path, allowed: Allowed) -> Readers | NotObserved:
    from airflow_mlsecops.checks.grants import files
    from airflow_mlsecops.observe import file_grants

    facts = file_grants.observe(path)
    return facts if isinstance(facts, NotObserved) else files.readers(facts, allowed)


def _of_table(attempt: Attempt, allowed: Allowed) -> Readers | NotObserved:
    from airflow_mlsecops.checks.grants import postgres
    from airflow_mlsecops.observe import grants, session
    from airflow_mlsecops.sources.sql import place_of

    place = place_of(attempt.dataset, "", attempt.hook.clients(attempt.context))
    database = place.database
    if database.local:
        return _of_files(Path(database.place), allowed)
    if database.dialect not in session.DIALECTS:
        return NotObserved(why=f"who reads a table of {database.dialect} is not asked: of PostgreSQL and SQLite it is")
    facts = grants.observe(database, place.names)
    return facts if isinstance(facts, NotObserved) else postgres.readers(facts, allowed)


def _of_bucket(attempt: Attempt, allowed: Allowed) -> Readers:
    """Both ways into a bucket: by S3 itself, and by what Lake Formation hands out."""
    from airflow_mlsecops.checks.grants import bucket, lake
    from airflow_mlsecops.observe.aws import observe

    uri = attempt.identity

    def wanted(seen: AwsFacts) -> tuple[Call, ...]:
        calls = {call.key: call for call in (*bucket.wanted(seen, uri), *lake.wanted(seen, uri))}
        return tuple(calls[key] for key in sorted(calls))

    facts = observe(door(attempt, Demanded(environment=environment_of(attempt))), wanted)
    straight, by_lake = bucket.readers(facts, uri, allowed), lake.readers(facts, uri, allowed)
    return Readers(
        grants=(*straight.grants, *by_lake.grants),
        hidden=tuple(dict.fromkeys((*straight.hidden, *by_lake.hidden))),
        commands=tuple(dict.fromkeys((*straight.commands, *by_lake.commands))),
    )
