"""The environment's databases in RDS are not public, encrypted with its keys, refuse plain text, and share no snapshot.

Looked at are the instances and clusters that the policy names, the instances of those clusters, and whichever carries
the host name of the dataset's own database (a name of one's own in DNS hides that), in the connection's region.
Snapshots that RDS takes by itself cannot be shared:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from airflow_mlsecops.checks._accounts import insiders
from airflow_mlsecops.checks._answer import not_applicable
from airflow_mlsecops.checks._aws import aws, each, fits, listed, profile
from airflow_mlsecops.checks._kms import DESCRIBE_KEY
from airflow_mlsecops.checks._rds import (
    CLUSTER_PARAMETERS,
    CLUSTER_SNAPSHOT_ATTRIBUTES,
    CLUSTER_SNAPSHOTS,
    CLUSTERS,
    IN_SYNC,
    INSTANCES,
    PARAMETERS,
    SNAPSHOT_ATTRIBUTES,
    SNAPSHOTS,
    TLS_PARAMETERS,
    Attribute,
    Cluster,
    Database,
    Instance,
)
from airflow_mlsecops.checks._resources import at_rest, meant, name_of, summed, there
from airflow_mlsecops.checks._sts import AUDITOR, audited_account
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import DatabaseFacts, Facts
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.unseen import NotObserved, Unseen

_EXPECTED = "not public, encrypted with a key of this environment, TLS only, snapshots shared with nobody else"


def _databases(facts: Facts, demand: Demand) -> tuple[tuple[str, Database | None], ...]:
    audited_account(facts, demand)  # another account's list shows none of ours
    instances = {one.name: one for one in aws(facts).need(INSTANCES).instances}
    clusters = {one.name: one for one in aws(facts).need(CLUSTERS).clusters}
    known: dict[str, Database] = {**instances, **clusters}
    every: tuple[Database, ...] = (*instances.values(), *clusters.values())
    dialled = tuple(one for one in every if _host(facts) in _hosts(one))
    named = profile(demand).databases if dialled else listed(profile(demand).databases, "databases")
    # A cluster stands for its instances, and the instance that the dataset is dialled at for its cluster.
    whole = {one.cluster for one in dialled if isinstance(one, Instance) and one.cluster}
    chosen = {name for name in clusters if name in whole or clusters[name] in dialled or fits(name, named)}
    parts = {one.name for one in instances.values() if one.cluster in chosen}
    found = meant(known, (*named, *(one.name for one in dialled), *chosen, *parts))
    namesakes = ((name, instances[name]) for name, _ in found if name in instances and name in clusters)
    return (*found, *namesakes)


def _hosts(database: Database) -> tuple[str, ...]:
    return tuple(host.lower() for host in database.hosts if host)


def _host(facts: Facts) -> str:
    """The host of the dataset's database; empty if it is in none that is dialled."""
    found = facts.database
    if isinstance(found, NotObserved):
        raise Unseen("the dataset's database", found)
    if not isinstance(found, DatabaseFacts) or found.local:
        return ""
    if isinstance(found.place, NotObserved):
        raise Unseen("the dataset's database", found.place)
    return found.place.partition("/")[0].rpartition(":")[0].lower()


def _judge(one: tuple[str, Database | None], facts: Facts, demand: Demand) -> Answer:
    database = there(*one)
    troubles = _troubles(database, facts, demand)
    return summed(database.name, troubles, fine="the database is closed to everybody else", expected=_EXPECTED)


def _troubles(database: Database, facts: Facts, demand: Demand) -> Iterator[str]:
    if database.public:
        yield "it has a public address"
    yield from at_rest("it", database.kms_key_id if database.storage_encrypted else "", facts, demand)
    if isinstance(database, Cluster):
        yield from _plain_text_in_cluster(database, facts)
        yield from _strangers(_of_cluster(database, facts), demand)
    elif (
        isinstance(database, Instance) and not database.cluster
    ):  # what belongs to a cluster gets parameters and snapshots from it
        yield from _plain_text(database, facts)
        yield from _strangers(_of_instance(database, facts), demand)


def _plain_text(database: Instance, facts: Facts) -> Iterator[str]:
    name = _tls_parameter(database)
    found = [aws(facts).need(PARAMETERS, DBParameterGroupName=group.name) for group in database.groups]
    if not any(parameters.value(name) in ("1", "on") for parameters in found):
        yield f"it takes sessions in plain text ({name} is off)"
    elif any(group.status != IN_SYNC for group in database.groups):
        yield "its parameters are not in force yet"


def _plain_text_in_cluster(database: Cluster, facts: Facts) -> Iterator[str]:
    name = _tls_parameter(database)
    found = aws(facts).need(CLUSTER_PARAMETERS, DBClusterParameterGroupName=database.group)
    if found.value(name) not in ("1", "on"):
        yield f"it takes sessions in plain text ({name} is off)"
    elif any(member.status != IN_SYNC for member in database.members):
        yield "its parameters are not in force yet"


def _tls_parameter(database: Database) -> str:
    engine = database.engine.lower()
    found = next((name for start, name in TLS_PARAMETERS.items() if engine.startswith(start)), None)
    if found is None:
        raise Unseen("whether sessions must be encrypted", NotObserved(why=f"nobody knows how {engine} demands it"))
    return found


def _of_instance(database: Instance, facts: Facts) -> Iterator[tuple[str, tuple[Attribute, ...]]]:
    for snapshot in aws(facts).need(SNAPSHOTS, DBInstanceIdentifier=database.name).snapshots:
        if snapshot.snapshot_type != "automated":
            found = aws(facts).need(SNAPSHOT_ATTRIBUTES, DBSnapshotIdentifier=snapshot.name)
            yield snapshot.name, found.result.attributes


def _of_cluster(database: Cluster, facts: Facts) -> Iterator[tuple[str, tuple[Attribute, ...]]]:
    for snapshot in aws(facts).need(CLUSTER_SNAPSHOTS, DBClusterIdentifier=database.name).snapshots:
        if snapshot.snapshot_type != "automated":
            found = aws(facts).need(CLUSTER_SNAPSHOT_ATTRIBUTES, DBClusterSnapshotIdentifier=snapshot.name)
            yield snapshot.name, found.result.attributes


def _strangers(snapshots: Iterable[tuple[str, tuple[Attribute, ...]]], demand: Demand) -> Iterator[str]:
    own = insiders(demand)
    for name, attributes in snapshots:
        strangers = sorted({who for one in attributes for who in one.attribute_values if who not in own})
        if strangers:
            yield f"snapshot {name} is shared with {', '.join(strangers)}"


def _none() -> Answer:
    return not_applicable("rds", "RDS has no database of these names")


CHECK = Check(
    id="RDS",
    question="Are the databases in RDS closed to everybody outside this environment?",
    why="a public address, a shared snapshot or plain text on the way gives whole tables to whoever comes along",
    remedy=(
        "`aws rds modify-db-instance --db-instance-identifier {subject} --no-publicly-accessible "
        "--apply-immediately`; for TLS set rds.force_ssl=1 in its parameter group; for snapshots `aws rds "
        "modify-db-snapshot-attribute --attribute-name restore --values-to-remove …`; encryption is chosen "
        "when a snapshot is restored"
    ),
    severity=Severity.HIGH,
    standards=(
        *("NIST 800-53 AC-4(21)", "NIST 800-53 SC-7", "NIST 800-53 SC-8", "NIST 800-53 SC-28", "ISO 27001 A.8.22"),
        *("ISO 27001 A.8.24", "SOC 2 CC6.6", "AWS FSBP RDS.1", "AWS FSBP RDS.2", "AWS FSBP RDS.3", "GDPR Art. 32"),
    ),
    ask=each(_databases, _judge, none=_none, name=name_of),
    reads=(
        AUDITOR,
        INSTANCES,
        CLUSTERS,
        PARAMETERS,
        CLUSTER_PARAMETERS,
        SNAPSHOTS,
        CLUSTER_SNAPSHOTS,
        SNAPSHOT_ATTRIBUTES,
        CLUSTER_SNAPSHOT_ATTRIBUTES,
        DESCRIBE_KEY,
    ),
)
