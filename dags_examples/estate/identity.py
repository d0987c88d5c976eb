"""The role that trains, the boundary that it cannot cross, and the role that looks."""

from __future__ import annotations

from typing import Any

from dags_examples.estate.names import (
    ACCOUNT,
    AUDITOR,
    DATA,
    ENVIRONMENT,
    MODELS,
    TRAINER,
    Clients,
    bucket_arn,
    document,
)

_OURS = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}


def account(clients: Clients) -> None:
    """The account says whose it is, where only the organisation's own account can change that."""
    organizations = clients("organizations")
    organizations.create_organization(FeatureSet="ALL")
    organizations.tag_resource(ResourceId=ACCOUNT, Tags=[{"Key": "environment", "Value": ENVIRONMENT}])


def boundary(clients: Clients) -> str:
    """What no role of the environment can do more than, whatever its policies say."""
    statement = {
        "Sid": "Within",
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject", "s3:GetBucket*", "kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:ResourceAccount": ACCOUNT}},
    }
    made = clients("iam").create_policy(PolicyName="ml-prod-boundary", PolicyDocument=document(statement))
    return str(made["Policy"]["Arn"])


def trainer(clients: Clients, boundary_arn: str, key_arn: str) -> None:
    """Assumed by SageMaker for jobs of this account, and by the role of this account's workers."""
    service = {"Service": "sagemaker.amazonaws.com"}
    worker = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/airflow-worker-prod"}
    trust = document(_assume("SageMaker", service, Condition=_OURS), _assume("Worker", worker))
    iam = clients("iam")
    iam.create_role(RoleName=TRAINER, AssumeRolePolicyDocument=trust, PermissionsBoundary=boundary_arn)
    read = {"Sid": "Read", "Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{bucket_arn(DATA)}/*"}
    write = {"Sid": "Write", "Effect": "Allow", "Action": "s3:PutObject", "Resource": f"{bucket_arn(MODELS)}/*"}
    use = {"Sid": "Use", "Effect": "Allow", "Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": key_arn}
    iam.put_role_policy(RoleName=TRAINER, PolicyName="train", PolicyDocument=document(read, write, use))


def auditor(clients: Clients) -> None:
    """Reads how things are set, never what they hold: `airflow-mlsecops isolation iam-policy` prints its policy.

    With `--readers` it prints the part of the gate that asks who can read a dataset.
    """
    from airflow_mlsecops.checks import all_checks
    from airflow_mlsecops.checks.grants import bucket, lake
    from airflow_mlsecops.cli.controls import actions, controls, iam_policy

    worker = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/airflow-worker-prod"}
    iam = clients("iam")
    iam.create_role(RoleName=AUDITOR, AssumeRolePolicyDocument=document(_assume("Worker", worker)))
    isolation = {action for one in controls(all_checks().values()) for action in one.auditor}
    looks = document(*iam_policy({*isolation, *actions((*bucket.READS, *lake.READS))})["Statement"])
    iam.put_role_policy(RoleName=AUDITOR, PolicyName="look", PolicyDocument=looks)


def _assume(sid: str, who: dict[str, str], **more: Any) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole", **more}
