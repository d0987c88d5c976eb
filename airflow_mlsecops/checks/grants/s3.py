"""Who can read the objects of a bucket, as far as documents tell: nobody who can is left out.

A condition that cannot be decided, or a document that nobody could read, lets in: the grant is then not ``sure``. Not
looked at are services that read for somebody else (``iam:PassRole``), who may change policies and so let themselves in,
session policies, VPC endpoint policies and grants of Lake Formation and S3 Access Grants, the last of which let in on
their own.
"""

from __future__ import annotations

from airflow_mlsecops.checks.grants._estate import (
    AccessPoint,
    Account,
    Block,
    Bucket,
    Estate,
    Group,
    Identities,
    Key,
    KeyGrant,
    Levels,
    Policy,
    Role,
    User,
    policy,
)
from airflow_mlsecops.checks.grants._readers import readers

__all__ = [
    "AccessPoint",
    "Account",
    "Block",
    "Bucket",
    "Estate",
    "Group",
    "Identities",
    "Key",
    "KeyGrant",
    "Levels",
    "Policy",
    "Role",
    "User",
    "policy",
    "readers",
]
