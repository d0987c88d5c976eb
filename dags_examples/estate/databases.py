"""A database without a public address: encrypted with the environment's key, and deaf to plain text."""

from __future__ import annotations

from dags_examples.estate.names import Clients


def database(clients: Clients, subnet: str, key_arn: str) -> None:
    """PostgreSQL in RDS."""
    rds = clients("rds")
    rds.create_db_subnet_group(DBSubnetGroupName="ml", DBSubnetGroupDescription="ml", SubnetIds=[subnet])
    rds.create_db_parameter_group(DBParameterGroupName="tls", DBParameterGroupFamily="postgres16", Description="tls")
    force = {"ParameterName": "rds.force_ssl", "ParameterValue": "1", "ApplyMethod": "immediate"}
    rds.modify_db_parameter_group(DBParameterGroupName="tls", Parameters=[force])
    rds.create_db_instance(
        DBInstanceIdentifier="ml-prod-crm", DBInstanceClass="db.t4g.micro", Engine="postgres", AllocatedStorage=20,
        DBSubnetGroupName="ml", DBParameterGroupName="tls", PubliclyAccessible=False, StorageEncrypted=True,
        KmsKeyId=key_arn, MasterUsername="postgres", ManageMasterUserPassword=True,
    )  # fmt: skip
