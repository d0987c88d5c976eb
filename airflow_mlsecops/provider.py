"""What Airflow asks a provider about itself; it imports nothing."""

from __future__ import annotations

from typing import Any


def get_provider_info() -> dict[str, Any]:
    """Describe the provider: its connection type with the form's fields, extra links, notifier and configuration."""
    return {
        "package-name": "airflow-mlsecops",
        "name": "MLSecOps",
        "description": "Gates that stop sensitive data, the wrong environment or the wrong application from reaching a "
        "model, and leave proof.",
        "versions": ["0.1.0"],
        "connection-types": [_CONNECTION],
        "extra-links": [
            "airflow_mlsecops.operators.links.SecurityLink",
            "airflow_mlsecops.operators.links.DataDocsLink",
        ],
        "notifications": ["airflow_mlsecops.notifications.MlsecopsNotifier"],
        "config": _CONFIG,
    }


def _text(label: str, description: str) -> dict[str, Any]:
    return {"label": label, "description": description, "schema": {"type": ["string", "null"]}}


_CONNECTION: dict[str, Any] = {
    "connection-type": "mlsecops",
    "hook-class-name": "airflow_mlsecops.hook.MlsecopsHook",
    "hook-name": "MLSecOps",
    "conn-fields": {
        "environment": {
            "label": "Environment",
            "description": "What this deployment claims to be; one of the environments that the policy describes.",
            "schema": {"type": "string", "default": "local"},
        },
        "mode": {
            "label": "Mode",
            "description": "enforce stops runs; observe only counts, until the policy's observe_until.",
            "schema": {"type": "string", "default": "enforce", "enum": ["enforce", "observe"]},
        },
        "policy": _text("Policy folder", "A path, or s3://CONN_ID@bucket/policy. Empty: the shipped policy."),
        "policy_link": _text(
            "Policy link",
            "Where people read it, with {file} and {line}: https://git.example.org/ml-policy/{file}#L{line}.",
        ),
        "ledger": _text(
            "Ledger", "SQLAlchemy URL, or the id of an Airflow SQL connection. Empty: SQLite on this host."
        ),
        "aws_conn_id": _text("AWS connection id", "Connection that facts about AWS are collected through."),
        "ledger_anchor": _text(
            "Ledger anchor", "Where heads of the ledger are written once more, such as an object-lock bucket."
        ),
        "fingerprint_secret": {
            "label": "Fingerprint secret",
            "description": "Keys the fingerprints of data; at least 16 characters. Empty: one of this host's own.",
            "schema": {"type": ["string", "null"], "format": "password"},
        },
        "pseudonym_secret": {
            "label": "Pseudonym secret",
            "description": "Keys pseudonyms, the same in every table; at least 16 characters. Empty: one of this "
            "host's own.",
            "schema": {"type": ["string", "null"], "format": "password"},
        },
        "pseudonym_secret_previous": {
            "label": "Pseudonym secret, previous",
            "description": "The one before, while some tables still hold its pseudonyms.",
            "schema": {"type": ["string", "null"], "format": "password"},
        },
    },
    "ui-field-behaviour": {
        "hidden-fields": ["host", "schema", "port", "login", "extra"],
        "relabeling": {"password": "Signing key (Ed25519 private key, PEM)"},
        "placeholders": {"policy": "s3://aws_default@ml-policy/mlsecops", "ledger": "mlsecops_ledger"},
    },
}

_CONFIG: dict[str, Any] = {
    "mlsecops": {
        "description": "Gates for machine learning pipelines.",
        "options": {
            "conn_id": {
                "description": "Id of the one MLSecOps connection of this deployment. Where it is set, a missing "
                "connection makes every gate UNKNOWN; where it is not, embedded defaults serve.",
                "version_added": "0.1.0",
                "type": "string",
                "example": "mlsecops_default",
                "default": None,
            }
        },
    }
}
