"""Keys of monitoring services: New Relic, Datadog, Sentry, Grafana, Dynatrace, Honeycomb, PostHog, Sumo Logic.

https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/, https://docs.sentry.io/api/auth/,
https://grafana.com/docs/grafana/latest/administration/service-accounts/; Datadog's keys are bare digits: by name.

A Sentry DSN is known to every browser that sends to it, yet lets strangers send too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._secrets import ASSIGNED, family, tokens

_TOKENS = (
    r"\bNR(?:AK|AA|RA|II|IQ|SP|BR)-[0-9A-Za-z_\-]{24,32}",
    r"\b[0-9a-f]{36}NRAL",
    r"\bsntry[su]_[0-9A-Za-z_+/=]{60,}",
    r"https?://[0-9a-f]{32}(?::[0-9a-f]{32})?@[0-9a-z.\-]*(?:sentry|ingest)[0-9a-z.\-]*(?::[0-9]{2,5})?/[0-9]{1,20}",
    r"\bglsa_[0-9A-Za-z]{32}_[0-9A-Fa-f]{8}",
    r"\bglc_[0-9A-Za-z+/]{40,}={0,2}",
    r"\beyJrIjoi[0-9A-Za-z+/]{60,}={0,2}",
    r"\bdt0[a-z][0-9]{2}\.[0-9A-Z]{8,24}\.[0-9A-Z]{64}",
    r"\bhc[abemx]ik_[0-9a-z]{50,64}",
    r"\bph[xc]_[0-9A-Za-z]{40,50}",
)
_NAMED = r"(?i:datadog|dd_api|dd_app|dd_application|dd-api)[0-9A-Za-z_\-]*"
_TOKEN = re.compile(
    rf"(?:{'|'.join(_TOKENS)})(?![0-9A-Za-z])|{_NAMED}{ASSIGNED}([0-9a-f]{{40}}|[0-9a-f]{{32}})(?![0-9A-Za-z])",
    re.ASCII,
)


def _found(run: str) -> Iterator[Span]:
    return tokens(_TOKEN, run)


DETECTOR = Detector(
    entity=Entity(name="MONITORING_TOKEN", title="monitoring token", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=family(
        (token for token in _TOKENS if not token.startswith(r"\b[")),
        "[0-9a-f]+NRAL",
        rf"{_NAMED}{ASSIGNED}[0-9a-f]{{8}}",
    ),
    find=_found,
)
