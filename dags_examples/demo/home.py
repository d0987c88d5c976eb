"""The demo's own Airflow: all of it under ``.demo/``, for this user's eyes only."""

from __future__ import annotations

import base64
import json
import os
import secrets
import shutil
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
EXAMPLES = PROJECT / "dags_examples"
DEMO = PROJECT / ".demo"
AIRFLOW_HOME = DEMO / "airflow"
CHURN = AIRFLOW_HOME / "churn"
CRM = CHURN / "crm.db"
POLICY = AIRFLOW_HOME / "mlsecops" / "policy"
LOG = DEMO / "airflow.log"

# A scheduler is a service: it inherits neither a person's session (SSH_CONNECTION…), which a gate would notice, nor the
# settings of another Airflow.
_KEPT = ("HOME", "PATH", "LANG", "LC_ALL", "TMPDIR", "TERM", "COLUMNS", "NO_COLOR", "SSL_CERT_FILE", "VIRTUAL_ENV")


def settle() -> None:
    """Make this process the demo's: its files are its user's alone, its settings are these."""
    os.umask(0o077)
    for name in set(os.environ) - set(_KEPT):
        del os.environ[name]
    AIRFLOW_HOME.mkdir(parents=True, exist_ok=True)
    os.environ.update(settings())


def adopt_policy() -> None:
    """Copy the examples' policy to where gates look for one."""
    shutil.copytree(EXAMPLES / "policy", POLICY)
    for path in (POLICY, *POLICY.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)


def settings() -> dict[str, str]:
    """Environment variables of the demo's Airflow; there is no MLSecOps connection: the embedded defaults serve."""
    crm = {"conn_type": "sqlite", "host": str(CRM), "extra": {"mlsecops_environment": "local"}}
    return {
        "AIRFLOW_HOME": str(AIRFLOW_HOME),
        "AIRFLOW_CONN_CRM_DB": json.dumps(crm),
        "AIRFLOW__API__EXPOSE_CONFIG": "False",
        "AIRFLOW__API_AUTH__JWT_SECRET": _secret("jwt", 64),
        "AIRFLOW__CORE__DAGS_FOLDER": str(EXAMPLES),
        "AIRFLOW__CORE__FERNET_KEY": _secret("fernet", 32),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{AIRFLOW_HOME}/airflow.db",
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
        # On two cores that others use as well, threads that wait for each other take ten times as long as one.
        "OMP_NUM_THREADS": "1",
    }


def _secret(name: str, length: int) -> str:
    """A secret of this demo, made at first use and kept; a Fernet key has exactly 32 bytes."""
    kept = AIRFLOW_HOME / f"{name}.secret"
    if not kept.exists():
        kept.touch(mode=0o600)
        kept.write_text(base64.urlsafe_b64encode(secrets.token_bytes(length)).decode())
    return kept.read_text()
