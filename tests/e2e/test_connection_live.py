"""The connection's form, and what its Test button says."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.e2e.conftest import Live

pytestmark = [pytest.mark.airflow, pytest.mark.timeout(600)]


def test_the_form_has_its_own_fields(live: Live) -> None:
    forms = live.call("GET", "/ui/connections/hook_meta").json()
    (form,) = [form for form in forms if form["connection_type"] == "mlsecops"]
    assert form["hook_name"] == "MLSecOps"
    assert set(form["extra_fields"]) >= {"environment", "mode", "policy", "ledger", "ledger_anchor", "aws_conn_id"}
    assert form["standard_fields"]["password"]["title"].startswith("Signing key")


TRIED: list[tuple[str, dict[str, Any], bool, str]] = [
    ("as embedded", {"environment": "local"}, True, "environment local, mode enforce, policy"),
    ("an environment that the policy does not describe", {"environment": "moon"}, False, "ENV_NOT_IN_POLICY"),
    ("a field that nobody knows", {"environment": "local", "polcy": "x"}, False, "unknown fields polcy"),
    ("a policy that is not there", {"environment": "local", "policy": "/nowhere/policy"}, False, "POLICY"),
    ("a ledger that does not answer", {"environment": "local", "ledger": "postgresql://u:hunter2@127.0.0.1:1/x"}, False,
     "LEDGER"),
    ("a secret too short", {"environment": "local", "fingerprint_secret": "hunter2"}, False, "fingerprint_secret"),
]  # fmt: skip


@pytest.mark.parametrize(("extra", "good", "says"), [row[1:] for row in TRIED], ids=[row[0] for row in TRIED])
def test_the_test_button_says_what_it_found(live: Live, extra: dict[str, Any], good: bool, says: str) -> None:
    body = {"connection_id": "tried", "conn_type": "mlsecops", "extra": json.dumps(extra)}
    said = live.call("POST", "/api/v2/connections/test", json=body)
    assert said.status_code == 200, said.text
    assert said.json()["status"] is good, said.text
    assert says in said.json()["message"]
    assert "hunter2" not in said.text
