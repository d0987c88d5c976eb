"""What gates cost when a DAG file is parsed: the example DAG against the same DAG of EmptyOperators, in one run.

What is timed is the function that Airflow's DAG processor runs on each file, in fresh processes, alternating; Airflow
itself is loaded before the clock starts, as in a processor that is up, and this package is not. Accepted: at most 1.5.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "dags_examples" / "churn_retraining.py"
GATES = ("ClassifyDatasetOperator", "IsolationCheckOperator", "AccessGateOperator")
PROBE = """
import json, logging, os, sys, time
from airflow.dag_processing.processor import DagFileParseRequest, _parse_file
from airflow.sdk import DAG
from airflow.providers.standard.operators.empty import EmptyOperator
file = sys.argv[1]
def parse(file):
    request = DagFileParseRequest(
        file=file, bundle_path=os.path.dirname(file), bundle_name="dags", callback_requests=[],
        type="DagFileParseRequest")
    start = time.perf_counter()
    result = _parse_file(request, logging.getLogger())
    assert not result.import_errors and result.serialized_dags, result.import_errors
    return time.perf_counter() - start
parse(sys.argv[2])
print("SECONDS" + json.dumps(parse(file)))
"""
WARM = """
from airflow.sdk import DAG, task
from airflow.providers.standard.operators.empty import EmptyOperator
with DAG("warm", schedule="@daily"):
    @task
    def warm(): ...
    warm() >> EmptyOperator(task_id="empty")
"""


def without_gates(source: str) -> str:
    """The same DAG, each gate an EmptyOperator and no seal."""
    stand_in = (
        "from airflow.providers.standard.operators.empty import EmptyOperator\n"
        "def _empty(*, task_id, **_):\n    return EmptyOperator(task_id=task_id)\n"
        "def sealed(task, **_):\n    return task\n" + "".join(f"{gate} = _empty\n" for gate in GATES)
    )
    lines = source.splitlines()
    kept, inside = [], False
    for line in lines:
        starts = line.startswith("from airflow_mlsecops")
        inside = (starts and "(" in line) or (inside and ")" not in line)
        kept.append(stand_in if starts else "" if inside else line)
        stand_in = stand_in if not starts else ""
    return "\n".join(kept)


def seconds(file: Path, warm: Path) -> float:
    """Time of one parse in a process of its own."""
    command = [sys.executable, "-c", PROBE, str(file), str(warm)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=True)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("SECONDS")]
    return float(json.loads(line.removeprefix("SECONDS")))


def main(rounds: int = 7) -> float:
    """Print both medians and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        plain, warm = Path(folder) / "plain.py", Path(folder) / "warm.py"
        plain.write_text(without_gates(EXAMPLE.read_text()))
        warm.write_text(WARM)
        pairs = [(seconds(EXAMPLE, warm), seconds(plain, warm)) for _ in range(rounds)]
    gated, empty = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"parse: gated {gated * 1000:.1f} ms, EmptyOperators {empty * 1000:.1f} ms, ratio {gated / empty:.2f}")
    return gated / empty


if __name__ == "__main__":
    sys.exit(main() > 1.5)
