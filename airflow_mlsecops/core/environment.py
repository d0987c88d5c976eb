"""What the policy says an environment must look like from inside a task."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from airflow_mlsecops.core.frozen import Frozen


class NotObservable(Frozen):
    """A check that nobody can answer here, accepted in writing until a date.

    :param check: id of the check
    :param reason: why nobody can answer it
    :param until: the last day on which that is accepted
    """

    check: str
    reason: str = Field(min_length=1)
    until: date


class Elsewhere(Frozen):
    """What belongs to other environments, and must therefore be out of reach from this one.

    :param roles: ARNs of roles that the task must not be able to assume
    :param buckets: names of buckets that the task must not be able to open
    """

    roles: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()


class Aws(Frozen):
    """What of AWS belongs to one environment. Names are globs; what a required check needs and is not named is UNKNOWN.

    :param accounts: ids of its accounts
    :param partners: ids of other accounts that its resources may be shared with
    :param regions: where its data may be
    :param roles: names of the roles that its tasks and jobs run as
    :param people: names of roles that people use, beside those of IAM Identity Center
    :param credentials: ways (botocore's names) by which a task may come by credentials
    :param buckets: names of its buckets
    :param keys: ARNs of its KMS keys
    :param vpcs: ids of its VPCs
    :param endpoints: ids of its VPC endpoints
    :param networks: address ranges (CIDR) that its machines may talk to
    :param images: repositories that its images come from, without tag and digest
    :param boundaries: ARNs of permissions boundaries that its roles must have
    :param readers: principals that Lake Formation may let read
    :param databases: RDS instances and clusters, by identifier
    :param warehouses: Redshift clusters, by identifier
    :param catalogs: databases of the Glue catalogue
    :param workgroups: Athena's work groups
    :param studios: SageMaker notebooks, domains, models and endpoints that are looked at, by name
    :param recent_jobs: how many of the latest SageMaker jobs of each kind are looked at, beside the one to come
    :param tag: key of the tag by which accounts say their environment; its value must be the environment's name
    :param auditor: Airflow connection that everything but the task's own identity is asked through; empty: the task's
    :param elsewhere: what must be out of reach
    :param offline: true: no public address of AWS is ever asked, only the endpoint that the connection names
    """

    accounts: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    credentials: tuple[str, ...] = ()
    buckets: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    vpcs: tuple[str, ...] = ()
    endpoints: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    boundaries: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    databases: tuple[str, ...] = ()
    warehouses: tuple[str, ...] = ()
    catalogs: tuple[str, ...] = ()
    workgroups: tuple[str, ...] = ()
    studios: tuple[str, ...] = ("*",)
    recent_jobs: int = Field(default=0, ge=0, le=100)
    tag: str = "environment"
    auditor: str = ""
    elsewhere: Elsewhere = Elsewhere()
    offline: bool = False


class Egress(Frozen):
    """Places that a worker tries to reach, to prove that it cannot leave its environment.

    :param control: ``host:port`` inside the environment; must be reachable, or the probe proves nothing
    :param outside: ``host:port`` outside of it; none may be reachable
    """

    control: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


class Spill(Frozen):
    """Folders of the worker in which a run must not leave data.

    :param folders: looked through, with all that is in them
    :param scratch: folders among them that are meant for it
    :param most_bytes: what may be left all the same (caches, locks)
    """

    folders: tuple[str, ...] = ("/tmp", "/var/tmp", "~")  # noqa: S108 - where others leave data, not where we do
    scratch: tuple[str, ...] = ()
    most_bytes: int = Field(default=65_536, ge=0)


class Environment(Frozen):
    """What one environment must look like from inside a task.

    :param requires: ids of the checks that must pass; ``*`` stands for any run of characters (``S3_*``)
    :param remote: false: only local files, SQLite and frames, no cloud job
    :param hosts: globs over the worker's host name; empty: any
    :param users: operating-system users that tasks run as; empty: any
    :param executors: names of executors; empty: any
    :param queues: names of queues; empty: any
    :param namespaces: Kubernetes namespaces that its workers run in; empty: any
    :param connections: environment tags that connections may carry; empty: the environment's own name
    :param connection_ids: globs over ids of connections that belong to it without a tag: drivers of PostgreSQL refuse
        an extra that they do not know
    :param databases: globs over ``host:port/database``; empty: any
    :param clusters: PostgreSQL's own ids (``system_identifier``) of its clusters; empty: any
    :param readers: globs over principals that may read its datasets, as the system itself calls them: roles of a
        database, ARNs, ``user:NAME`` of this machine; a dataset's own line may name others
    :param people: globs over principals behind which a person stands
    :param bridges: globs over hosts and names by which a database may pass data on
    :param stores: URIs (globs) in which Airflow may keep logs and XCom
    :param aws: what of AWS belongs to it
    :param egress: what its workers must not reach
    :param spill: where they must not leave data
    :param not_observable: checks accepted as unanswerable, until a date
    """

    requires: tuple[str, ...] = ()
    remote: bool = True
    hosts: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    executors: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    connections: tuple[str, ...] = ()
    connection_ids: tuple[str, ...] = ()
    databases: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    bridges: tuple[str, ...] = ()
    stores: tuple[str, ...] = ()
    aws: Aws | None = None
    egress: Egress | None = None
    spill: Spill | None = None
    not_observable: tuple[NotObservable, ...] = ()
