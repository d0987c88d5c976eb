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
    folder = Path(sys.argv[1]).absolute()
    if folder.exists():
        sys.exit(f"{folder} is there already: name a folder that is not, in which the policy is written")
    with emulator() as url:
        estate = build(clients(url))
        policy = adopt_policy(estate, folder)
        for name, value in {"ESTATE_URL": url, **settings(url, estate, policy)}.items():
            print(f"export {name}={shlex.quote(value)}", flush=True)
        # Where what is printed goes into a file, nobody sees that it is whole.
        print(f"The estate stands at {url}, until Ctrl-C.", file=sys.stderr)
        try:
            _forever()
        except KeyboardInterrupt:
            return


def _forever() -> None:
    from threading import Event

    Event().wait()


if __name__ == "__main__":
    main()
