"""Tables over the data buckets: one role reads them, and what is asked of them stays here."""

from __future__ import annotations

from dags_examples.estate.names import (
    ACCOUNT,
    AUDITOR,
    CATALOG,
    DATA,
    MODELS,
    REGION,
    TRAINER,
    WORKGROUP,
    Clients,
    document,
    role_arn,
)


def catalogue(clients: Clients, key_arn: str) -> None:
    """A database of the Glue catalogue, which is encrypted with all passwords in it, for this account."""
    glue = clients("glue")
    glue.put_data_catalog_encryption_settings(
        DataCatalogEncryptionSettings={
            "EncryptionAtRest": {"CatalogEncryptionMode": "SSE-KMS", "SseAwsKmsKeyId": key_arn},
            "ConnectionPasswordEncryption": {"ReturnConnectionPasswordEncrypted": True, "AwsKmsKeyId": key_arn},
        }
    )
    ours = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}, "Action": "glue:Get*"}
    glue.put_resource_policy(PolicyInJson=document({**ours, "Resource": f"arn:aws:glue:{REGION}:{ACCOUNT}:*"}))
    glue.create_database(DatabaseInput={"Name": CATALOG, "LocationUri": f"s3://{DATA}/churn"})


def readers(clients: Clients) -> None:
    """Lake Formation decides who reads it, instead of IAM: the role that trains, and nobody by default."""
    lake = clients("lakeformation")
    nobody = {"CreateDatabaseDefaultPermissions": [], "CreateTableDefaultPermissions": []}
    looks = {"DataLakePrincipalIdentifier": role_arn(AUDITOR)}  # others are shown a part of the permissions
    lake.put_data_lake_settings(DataLakeSettings={"DataLakeAdmins": [], "ReadOnlyAdmins": [looks], **nobody})
    tables = {"Table": {"DatabaseName": CATALOG, "TableWildcard": {}}}
    trainer = {"DataLakePrincipalIdentifier": role_arn(TRAINER)}
    lake.grant_permissions(Principal=trainer, Resource=tables, Permissions=["SELECT"])


def workgroup(clients: Clients, key_arn: str) -> None:
    """Where Athena writes what it finds, whatever a client asks for."""
    encryption = {"EncryptionOption": "SSE_KMS", "KmsKey": key_arn}
    results = {"OutputLocation": f"s3://{MODELS}/athena/", "EncryptionConfiguration": encryption}
    settings = {"EnforceWorkGroupConfiguration": True, "ResultConfiguration": results}
    clients("athena").create_work_group(Name=WORKGROUP, Configuration=settings)
