"""What the estate calls its parts, and the ids that AWS gave them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ACCOUNT = "222222222222"
REGION = "eu-central-1"
ENVIRONMENT = "prod-train"

DATA, MODELS, LOGS = "ml-prod-data", "ml-prod-models", "ml-prod-logs"
TRAINER, AUDITOR = "ml-train-prod", "ml-audit-prod"
REPOSITORY = "churn-trainer"
CATALOG, WORKGROUP = "churn", "ml-prod"
TRAIL = "ml-prod-trail"
NETWORK = "10.9.0.0/16"

# Makes a client of boto3 for one service, whatever endpoint and credentials it carries.
Clients = Callable[[str], Any]


@dataclass(frozen=True, kw_only=True)
class Estate:
    """The parts of an estate of which only AWS knows the names.

    :param key: ARN of the KMS key
    :param endpoint: id of the gateway endpoint through which S3 is reached
    :param boundary: ARN of the policy that bounds every role
    :param image: URI of the training image, pinned by its digest
    """

    key: str
    vpc: str
    subnet: str
    route_table: str
    security_group: str
    endpoint: str
    boundary: str
    image: str

    @property
    def variables(self) -> dict[str, str]:
        """Airflow variables by which a DAG names them."""
        return {
            "ml_key": self.key,
            "ml_subnet": self.subnet,
            "ml_security_group": self.security_group,
            "ml_image": self.image,
        }


def role_arn(name: str) -> str:
    """ARN of one of the account's roles."""
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def bucket_arn(name: str) -> str:
    """ARN of a bucket."""
    return f"arn:aws:s3:::{name}"


def document(*statements: dict[str, Any]) -> str:
    """A policy of these statements, as AWS wants it."""
    import json

    return json.dumps({"Version": "2012-10-17", "Statement": statements})
