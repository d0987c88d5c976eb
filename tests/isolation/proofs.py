"""Where each check was seen to turn green and red: for the reference page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.checks.test_tables import TABLES
from tests.isolation.mutations import MUTATIONS

_HEAD = """\
# Where each check turns green and red

Generated from the tests. **Recorded facts**: rows of the check's own table in `tests/checks/`, each with the answer that it
must give; every row that passes is asked again with each answer that it read taken away, denied and garbled, and must not
pass. **Estate**: changes to an environment in an emulator of AWS that passes as a whole (`dags_examples/estate/`), after each
of which this check alone fails (`tests/isolation/mutations.py`).

Besides, policies that `S3_TLS` passes and fails are held against a server that enforces them
(`tests/isolation/test_enforced.py`), the checks of databases stand on what a PostgreSQL server says
(`tests/observe/test_database.py`), and with each permission of the auditor taken away in turn the checks that need it are
UNKNOWN (`tests/isolation/test_permissions.py`)."""


def markdown() -> str:
    """The reference page."""
    rows = "\n".join(_rows())
    columns = ("check", "green", "red", "unknown", "not applicable", "red in the estate after")
    head = f"| {' | '.join(columns)} |\n|{'---|' * len(columns)}"
    return f"{_HEAD}\n\n{head}\n{rows}\n"


def _rows() -> Iterator[str]:
    for name, table in sorted(TABLES.items()):
        answers = Counter(row["status"] for row in table)
        counts = (f"{answers[status]:,}" for status in ("pass", "fail", "unknown", "not applicable"))
        changes = "; ".join(mutation.name for mutation in MUTATIONS if mutation.check == name.upper())
        yield f"| `{name.upper()}` | {' | '.join(counts)} | {changes} |"
