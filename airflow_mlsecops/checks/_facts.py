"""Facts as most checks want them: the part they ask about, or the answer that ends the question."""

from __future__ import annotations

from collections.abc import Callable, Collection

from airflow_mlsecops.checks._answer import failed, not_applicable, passed, unknown
from airflow_mlsecops.core.check import Answer
from airflow_mlsecops.core.facts import DatabaseFacts, Facts, FileFacts, NotObserved, RuntimeFacts

DATABASE = "database"
FILES = "files"


def runtime(facts: Facts) -> RuntimeFacts:
    """Where the task runs; if nobody looked, every one of its facts is missing for that reason."""
    if isinstance(facts.runtime, RuntimeFacts):
        return facts.runtime
    return RuntimeFacts(**dict.fromkeys(RuntimeFacts.model_fields, facts.runtime))


def database(facts: Facts) -> DatabaseFacts | Answer:
    """What the dataset's database says of itself."""
    if facts.database is None:
        return not_applicable(DATABASE, "the dataset is in no SQL database")
    if isinstance(facts.database, NotObserved):
        return unknown(DATABASE, "the database", facts.database)
    return facts.database


def server(facts: Facts, nothing_to_ask: str) -> DatabaseFacts | Answer:
    """The same, of a database that is a server.

    :param nothing_to_ask: why the question does not arise for a database that is a file
    """
    found = database(facts)
    if isinstance(found, DatabaseFacts) and found.local:
        return not_applicable(DATABASE, nothing_to_ask)
    return found


def by_socket(found: DatabaseFacts) -> bool:
    """True for a path, or an abstract socket's name, where a host would stand: the session crosses no network."""
    return isinstance(found.place, str) and found.place.startswith(("/", "@"))


def no_file(facts: Facts, concerned: Callable[[FileFacts], int], trait: str) -> Answer:
    """Ask that a trait concerns none of the dataset's files and folders.

    :param trait: what is wrong with those that have it, to stand after a number of files
    """
    files = facts.files
    if files is None:
        return not_applicable(FILES, "the dataset is not made of local files")
    if isinstance(files, NotObserved):
        return unknown(FILES, "who may touch the files", files)
    if not files.files:
        return unknown(FILES, "who may touch the files", NotObserved(why="there are none to look at"))
    if not concerned(files):
        return passed(FILES, f"none of {files.files:,} files and folders {trait}", expected="0", got="0")
    example = f"; the most exposed of the dataset is {files.example}" if files.example else ""
    number = concerned(files)
    return failed(
        FILES, f"{number:,} of {files.files:,} files and folders {trait}{example}", expected="0", got=f"{number:,}"
    )


def among(
    subject: str, fact: str, got: str | NotObserved, allowed: Collection[str], fits: Callable[[str], bool]
) -> Answer:
    """Ask that something is among what the policy lists for this environment; where it lists nothing, nothing is asked.

    :param fact: name of the fact in a sentence, with its article
    """
    if not allowed:
        return not_applicable(subject, f"the policy lists no {subject} for this environment: any will do")
    expected = "one of " + ", ".join(sorted(allowed))
    if isinstance(got, NotObserved):
        return unknown(subject, fact, got, expected=expected)
    if fits(got):
        return passed(subject, f"{fact} is one that the policy lists for this environment", expected=expected, got=got)
    return failed(subject, f"{fact} is not one that the policy lists for this environment", expected=expected, got=got)
