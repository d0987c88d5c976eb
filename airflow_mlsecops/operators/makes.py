"""What a sealed task makes of the data, as far as Airflow or its job says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

MOST = 20
_LONGEST = 1_000
_CARRIED = re.compile(r"(?<=://)[^/\s@]*@|[?#].*", re.DOTALL)  # a user, a password, a signature


def makes_of(task: Any, job: Mapping[str, Any] | None) -> tuple[str, ...]:
    """URIs that a task writes: those of its outlets, then those of its job; templates in both must be rendered.

    :param task: the operator
    :param job: the job that it submits, if any
    """
    named = dict.fromkeys(_CARRIED.sub("", uri) for uri in _said(task, job))
    return tuple(uri for uri in named if uri and len(uri) <= _LONGEST and "{{" not in uri)[:MOST]


def _said(task: Any, job: Mapping[str, Any] | None) -> Iterator[str]:
    from airflow_mlsecops.core.jobs.makes import GROUP, makes

    for outlet in getattr(task, "outlets", None) or ():
        uri = getattr(outlet, "uri", None)
        if isinstance(uri, str):
            yield uri
    if job:
        yield from makes(job)
    group = getattr(task, "package_group_name", None)  # of SageMakerRegisterModelVersionOperator
    if isinstance(group, str) and group:
        yield f"{GROUP}{group}"
