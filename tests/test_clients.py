"""What a connection says of itself, whatever somebody wrote into its extra."""

from __future__ import annotations

import json

import pytest

from airflow_mlsecops.clients import connection_facts
from airflow_mlsecops.core.facts import ConnectionFacts, NotObserved

ROWS = [
    ('{"mlsecops_environment": "prod"}', ConnectionFacts(id="crm", type="postgres", host="db", environment="prod")),
    ('{"mlsecops_environment": 5}', ConnectionFacts(id="crm", type="postgres", host="db")),
    ("{}", ConnectionFacts(id="crm", type="postgres", host="db")),
    ("5", NotObserved(why="the extra of connection crm is no JSON object")),
    ('["prod"]', NotObserved(why="the extra of connection crm is no JSON object")),
]


@pytest.mark.parametrize(("extra", "facts"), ROWS)
def test_a_connection_says_its_environment(
    monkeypatch: pytest.MonkeyPatch, extra: str, facts: ConnectionFacts | NotObserved
) -> None:
    said = {"conn_type": "postgres", "host": "db", "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_CRM", json.dumps(said))
    assert connection_facts("crm") == facts
