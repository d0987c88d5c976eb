"""Serve an estate on this machine, and say how an Airflow is led to it.

Run it from the project's folder: ``python -m dags_examples.estate.serve FOLDER``; it writes the policy into FOLDER.
"""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from dags_examples.estate.build import build
from dags_examples.estate.emulator import adopt_policy, clients, emulator, settings


def main() -> None:
    """Serve until Ctrl-C."""
    if len(sys.argv) != 2:
        sys.exit("usage: python -m dags_examples.estate.serve FOLDER")
    with emulator() as url:
        estate = build(clients(url))
        policy = adopt_policy(estate, Path(sys.argv[1]).absolute())
        for name, value in settings(url, estate, policy).items():
            print(f"export {name}={shlex.quote(value)}")
        print("# Ctrl-C ends the estate.", flush=True)
        try:
            _forever()
        except KeyboardInterrupt:
            return


def _forever() -> None:
    from threading import Event

    Event().wait()


if __name__ == "__main__":
    main()
