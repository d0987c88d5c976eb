"""What was observed of an environment, a dataset's place and its neighbours; every field may be *not observed*."""

from __future__ import annotations

from pydantic import NonNegativeInt

from airflow_mlsecops.core.frozen import Frozen


class NotObserved(Frozen):
    """Nobody could look, and why; this is not *absent*.

    :param why: value-free, names the one missing permission or fact
    """

    why: str = "nobody looked"


class RuntimeFacts(Frozen):
    """Where this task runs.

    :param hints: signs of a person at a keyboard (``SSH_CONNECTION``, ``JPY_PARENT_PID``…), names only
    :param executor: Airflow's executor as configured
    :param queue: the queue the task was sent to
    :param dag_test: true inside ``dag.test()``
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
    """

    dialect: str
    place: str | NotObserved = NotObserved()
    user: str | NotObserved = NotObserved()
    local: bool = False
    tls: bool | NotObserved = NotObserved()
    superuser: bool | NotObserved = NotObserved()


class Facts(Frozen):
    """Everything a gate observed before it judged; a document that can be stored and judged again.

    :param claimed: the environment this deployment's connection claims
    :param remote: whether the dataset lives outside this machine
    :param files: for local files; ``database``: for SQL; ``None`` where the dataset is of another kind
    :param job: the job the next task will submit was given
    """

    claimed: str | NotObserved = NotObserved()
    runtime: RuntimeFacts | NotObserved = NotObserved()
    connections: tuple[ConnectionFacts, ...] | NotObserved = NotObserved()
    remote: bool | NotObserved = NotObserved()
    files: FileFacts | NotObserved | None = None
    database: DatabaseFacts | NotObserved | None = None
    job: bool = False
