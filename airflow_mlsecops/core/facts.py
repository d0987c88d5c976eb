"""What was observed of an environment, a dataset's place and its neighbours; every field may be *not observed*."""

from __future__ import annotations

from enum import StrEnum

from pydantic import NonNegativeInt

from airflow_mlsecops.core.aws import AwsFacts
from airflow_mlsecops.core.database_grants import DatabaseGrants
from airflow_mlsecops.core.frozen import Frozen
from airflow_mlsecops.core.job import JobFacts
from airflow_mlsecops.core.unseen import NotObserved as NotObserved


class RuntimeFacts(Frozen):
    """Where this task runs.

    :param hints: signs of a person at a keyboard (``SSH_CONNECTION``, ``JPY_PARENT_PID``…), names only
    :param executor: Airflow's executor as configured
    :param queue: the queue the task was sent to
    :param dag_test: true inside ``dag.test()``
    :param powers: kernel capabilities of the process beyond an ordinary user's, by name (``CAP_SYS_ADMIN``)
    """

    host: str | NotObserved = NotObserved()
    user: str | NotObserved = NotObserved()
    uid: int | NotObserved = NotObserved()
    system: str | NotObserved = NotObserved()
    container: bool | NotObserved = NotObserved()
    namespace: str | NotObserved = NotObserved()
    hints: tuple[str, ...] | NotObserved = NotObserved()
    executor: str | NotObserved = NotObserved()
    queue: str | NotObserved = NotObserved()
    dag_test: bool | NotObserved = NotObserved()
    powers: tuple[str, ...] | NotObserved = NotObserved()


class ConnectionFacts(Frozen):
    """One Airflow connection that the DAG uses.

    :param environment: its ``mlsecops_environment`` extra, or empty if it carries none
    :param used_by: ids of the tasks that name it
    """

    id: str
    type: str
    host: str = ""
    environment: str = ""
    used_by: tuple[str, ...] = ()


class FileFacts(Frozen):
    """Who may touch the local files of a dataset.

    :param files: how many files and folders were looked at
    :param world_readable: how many of them anybody may read, given that every folder above lets anybody through
    :param world_writable: how many anybody may write, or replace because anybody may write their folder
    :param group_readable: how many their group may read
    :param foreign_owner: how many belong to neither root nor the task's user
    :param symlinks: how many are symbolic links
    :param example: name of the worst of them, relative to the dataset
    """

    files: NonNegativeInt
    world_readable: NonNegativeInt = 0
    world_writable: NonNegativeInt = 0
    group_readable: NonNegativeInt = 0
    foreign_owner: NonNegativeInt = 0
    symlinks: NonNegativeInt = 0
    example: str = ""


class DatabaseFacts(Frozen):
    """The database that a dataset lives in, as the server itself says.

    :param place: ``host:port/database``; the path of the file for SQLite
    :param local: true for SQLite
    :param tls: whether this very session is encrypted
    :param superuser: whether the session's user may do anything
    :param tls_verified: whether the client proves that the server is who it says (``sslmode=verify-full``)
    :param cluster: the server's own id of its cluster, which no copy of its address shares
    :param powers: what the session's user may do beyond reading and writing what it was granted
    :param bridges: ways by which data leaves this database: foreign servers, publications, subscriptions…, by name
    :param grants: what decides who reads the dataset's table; ``None``: it is no table
    """

    dialect: str
    place: str | NotObserved = NotObserved()
    user: str | NotObserved = NotObserved()
    local: bool = False
    tls: bool | NotObserved = NotObserved()
    superuser: bool | NotObserved = NotObserved()
    tls_verified: bool | NotObserved = NotObserved()
    cluster: str | NotObserved = NotObserved()
    powers: tuple[str, ...] | NotObserved = NotObserved()
    bridges: tuple[str, ...] | NotObserved = NotObserved()
    grants: DatabaseGrants | NotObserved | None = NotObserved()


class AirflowFacts(Frozen):
    """Where Airflow itself keeps what tasks print and hand on.

    :param logs: where task logs go: ``local``, or the URI of a store; ``logs_environment``: tag of its connection
    :param xcom: where what tasks return goes: ``database``, or the URI of a store; ``xcom_environment``: likewise
    """

    logs: str | NotObserved = NotObserved()
    logs_environment: str | NotObserved = NotObserved()
    xcom: str | NotObserved = NotObserved()
    xcom_environment: str | NotObserved = NotObserved()


class Reach(StrEnum):
    """How an attempt to connect ended; REFUSED means that the host was reached."""

    OPEN = "open"
    REFUSED = "refused"
    DROPPED = "dropped"
    NO_NAME = "no such name"
    NO_ROUTE = "no route"


class EgressFacts(Frozen):
    """What of the network the worker could reach.

    :param control: ``host:port`` that must be reachable, to prove that the probe works, and how that ended
    :param outside: the same of places outside this environment
    """

    control: dict[str, Reach] = {}
    outside: dict[str, Reach] = {}


class SpillFacts(Frozen):
    """What this run left on the worker's disks, outside the places meant for it.

    :param files: files of the task's user that were written since the run began
    :param size: their size in bytes
    :param folders: the folders that hold them, the largest first
    :param in_memory: whether all of it is on file systems in memory
    """

    files: NonNegativeInt = 0
    size: NonNegativeInt = 0
    folders: tuple[str, ...] = ()
    in_memory: bool = False


class Facts(Frozen):
    """Everything a gate observed before it judged; a document that can be stored and judged again.

    :param claimed: the environment this deployment's connection claims
    :param remote: whether the dataset lives outside this machine
    :param files: for local files; ``database``: for SQL; ``None`` where the dataset is of another kind
    :param dataset: identity of the dataset, its connection left out (``s3://ml-prod/features``)
    :param airflow: where Airflow keeps logs and XCom
    :param egress: what the worker could reach; ``spill``: what it left on disk; ``None``: the policy asks for neither
    :param aws: ``None`` where neither the environment, the dataset nor the job is in AWS
    :param job: the job the next task will submit; ``None``: none was given
    """

    claimed: str | NotObserved = NotObserved()
    runtime: RuntimeFacts | NotObserved = NotObserved()
    connections: tuple[ConnectionFacts, ...] | NotObserved = NotObserved()
    remote: bool | NotObserved = NotObserved()
    files: FileFacts | NotObserved | None = None
    database: DatabaseFacts | NotObserved | None = None
    dataset: str = ""
    airflow: AirflowFacts | NotObserved = NotObserved()
    egress: EgressFacts | NotObserved | None = None
    spill: SpillFacts | NotObserved | None = None
    aws: AwsFacts | NotObserved | None = None
    job: JobFacts | NotObserved | None = None
