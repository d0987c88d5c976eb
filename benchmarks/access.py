"""What an answer of the access rules costs: of the shipped ones, of a thousand that all apply, of a thousand permits.

One decision is the whole of ``AccessRules.decide``: the request put into Cedar's terms, checked against the schema, and
judged. Every forbid of the large set concerns every dataset, so that none can be left out. Of the thousand permits none
matches, and the denial says what the first of them need. It is one thread's work, and what is timed is the processor,
so that a machine with other work to do says the same. Accepted: at most 5 ms.
"""

from __future__ import annotations

import statistics
import sys
import time
from datetime import UTC, datetime

from airflow_mlsecops.core.access import AccessRequest, Evidence
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors import entities
from airflow_mlsecops.policy import default_folder
from airflow_mlsecops.policy.cedar import AccessRules, access_rules

RULES = 1000
MOST_MS = 5.0
MORE = """
@id("not-for-{number}")
@reason("No purpose of this name.")
forbid (principal, action, resource is MLSecOps::Dataset)
when {{ context.purpose == "no-purpose-{number}" }};
"""


PERMIT = """
@id("for-{number}")
@reason("A purpose of this name.")
permit (principal is MLSecOps::Workload, action, resource is MLSecOps::Dataset)
when {{ context.purpose == "purpose-{number}" && principal.role == "role-{number}" }}
unless {{ resource.level > 2 || resource.roles.contains("secret") }};
"""


def rules(number: int) -> AccessRules:
    """The shipped rules and so many more that there are ``number``."""
    text = (default_folder() / "access.cedar").read_text(encoding="utf-8")
    more = number - text.count("@id(")
    return _read(text + "".join(MORE.format(number=n) for n in range(more)))


def permits(number: int) -> AccessRules:
    """So many permits, none of which matches."""
    return _read("".join(PERMIT.format(number=n) for n in range(number)))


def _read(text: str) -> AccessRules:
    read, wrong = access_rules("access.cedar", text, entities())
    assert read is not None, wrong
    return read


def request() -> AccessRequest:
    """A request that every rule has to be asked of, and that is allowed."""
    passed = Evidence(outcome="pass", age_seconds=60)
    return AccessRequest(
        dag_id="churn_retraining", task_id="may_train", environment="prod", action="train", purpose="churn",
        dataset="s3://ml/features/churn", dataset_environment="prod", level=Level.INTERNAL, entities=("IP_ADDRESS",),
        stage="features", allowed_purposes=("churn",), now=datetime.now(UTC), scan=passed, isolation=passed,
        max_scan_age_seconds=86_400,
    )  # fmt: skip


def milliseconds(access: AccessRules, *, allowed: bool, rounds: int = 200) -> list[float]:
    """How long each of so many decisions took; the first, which reads the schema, is not counted."""
    asked = request()
    taken = []
    for _ in range(rounds + 1):
        began = time.process_time()
        decision = access.decide(asked)
        taken.append((time.process_time() - began) * 1000)
        assert decision.allowed is allowed, decision
    return taken[1:]


def main() -> float:
    """Print the middle and the 99th percentile of each; the slowest middle is what is judged."""
    slowest = 0.0
    for what, make, number, allowed in (
        ("rules", rules, 0, True),
        ("rules", rules, RULES, True),
        ("permits, none of which matches", permits, RULES, False),
    ):
        began = time.process_time()
        access = make(number)
        loaded = (time.process_time() - began) * 1000
        taken = milliseconds(access, allowed=allowed)
        middle, late = statistics.median(taken), statistics.quantiles(taken, n=100)[98]
        said = f"{middle:.2f} ms (99 %: {late:.2f} ms), loaded in {loaded:,.0f} ms"
        print(f"access: {len(access.rules):,} {what}, {said}")
        slowest = max(slowest, middle)
    return slowest


if __name__ == "__main__":
    sys.exit(main() > MOST_MS)
