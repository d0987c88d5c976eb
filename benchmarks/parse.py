"""What gates cost when a DAG file is parsed: the example DAG against the same DAG of EmptyOperators, in one run.

The ratio is of the median time to execute the file, in fresh processes, alternating; imports of Airflow itself are paid
before the clock starts, as in a DAG processor that is already up. Accepted: at most 1.5.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "dags_examples" / "churn_retraining.py"
GATES = ("ClassifyDatasetOperator", "IsolationCheckOperator", "AccessGateOperator")
PROBE = """
import json, sys, time
import airflow.sdk, airflow.dag_processing.dagbag
from airflow.sdk import DAG, task
from airflow.providers.standard.operators.empty import EmptyOperator
with DAG("warm"):
    EmptyOperator(task_id="warm")
source = open(sys.argv[1]).read()
start = time.perf_counter()
exec(compile(source, sys.argv[1], "exec"), {"__name__": "parsed", "__file__": sys.argv[1]})
print("SECONDS" + json.dumps(time.perf_counter() - start))
"""


def without_gates(source: str) -> str:
    """The same DAG, each gate an EmptyOperator and no seal."""
    stand_in = (
        "from airflow.providers.standard.operators.empty import EmptyOperator\n"
        "def _empty(*, task_id, **_):\n    return EmptyOperator(task_id=task_id)\n"
        "def sealed(task, **_):\n    return task\n"
        + "".join(f"{gate} = _empty\n" for gate in GATES)
    )
    lines = source.splitlines()
    kept, inside = [], False
    for line in lines:
        starts = line.startswith("from airflow_mlsecops")
        inside = (starts and "(" in line) or (inside and ")" not in line)
        kept.append(stand_in if starts else "" if inside or (kept and line.strip() == ")" and not line.startswith(" ")) else line)
        stand_in = stand_in if not starts else ""
    return "\n".join(kept)


def seconds(file: Path) -> float:
    """Time of one parse in a process of its own."""
    done = subprocess.run([sys.executable, "-c", PROBE, str(file)], capture_output=True, text=True, cwd=ROOT, check=True)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("SECONDS")]
    return float(json.loads(line.removeprefix("SECONDS")))


def main(rounds: int = 7) -> float:
    """Print both medians and their ratio."""
    plain = ROOT / "dags_examples" / ".parse_benchmark.py"
    plain.write_text(without_gates(EXAMPLE.read_text()))
    try:
        pairs = [(seconds(EXAMPLE), seconds(plain)) for _ in range(rounds)]
    finally:
        plain.unlink()
    gated, empty = (statistics.median(side) for side in zip(*pairs, strict=True))
    print(f"parse: gated {gated * 1000:.1f} ms, EmptyOperators {empty * 1000:.1f} ms, ratio {gated / empty:.2f}")
    return gated / empty


if __name__ == "__main__":
    sys.exit(main() > 1.5)
