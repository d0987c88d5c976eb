"""Where people look at models: in the VPC, without a way to the internet."""

from __future__ import annotations

from dags_examples.estate.names import TRAINER, Clients, role_arn


def domain(clients: Clients, vpc_id: str, subnet_id: str, key_arn: str) -> None:
    """SageMaker Studio; left to itself it goes through a network of AWS' own."""
    clients("sagemaker").create_domain(
        DomainName="ml-prod",
        AuthMode="IAM",
        AppNetworkAccessType="VpcOnly",
        VpcId=vpc_id,
        SubnetIds=[subnet_id],
        KmsKeyId=key_arn,
        DefaultUserSettings={"ExecutionRole": role_arn(TRAINER)},
    )
