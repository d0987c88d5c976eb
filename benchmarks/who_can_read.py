"""What it costs to say who can read a dataset: of an account of AWS, and of a catalogue of PostgreSQL, with 500 roles.

Timed is the judgement, with all commands, of answers that are there already: what is asked of AWS and of the database
is a handful of calls. The account has 2,000 managed policies, four for each role; one role in ten may be taken by
another, and some by whoever the account lets take roles; its bucket has a policy of 50 statements, and a key. In the
catalogue every tenth role has the grant, and others are members of one another in chains. It is one thread's work, and
what is timed is the processor, so that a machine with other work to do says the same. Accepted: at most 10 s for the
account.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from airflow_mlsecops.checks.grants import bucket, postgres
from airflow_mlsecops.core.aws import Absent, Answered, AwsFacts
from airflow_mlsecops.core.database_grants import (
    DatabaseGrants,
    Membership,
    Privilege,
    Relation,
    RelationKind,
    Role,
)
from airflow_mlsecops.core.grant import Allowed, Readers

ROLES, POLICIES, STATEMENTS = 500, 2000, 50
MOST_S = 10.0
ACCOUNT, REGION, BUCKET = "222222222222", "eu-central-1", "ml-prod"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
TABLE, SCHEMA, DATABASE = "TABLE ml.customers", "SCHEMA ml", "DATABASE crm"
Doc = dict[str, Any]


def account() -> AwsFacts:
    """All that AWS answers of the account."""
    block = dict.fromkeys(("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"), True)
    encryption = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}
    rules = [{"ApplyServerSideEncryptionByDefault": encryption}]
    whole = {"Sid": "Account", "Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}
    told: dict[str, Doc] = {
        "sts.get_caller_identity": {"Account": ACCOUNT, "Arn": _arn("role/audit"), "UserId": "AROA:audit"},
        f"s3.get_bucket_location Bucket={BUCKET} ExpectedBucketOwner={ACCOUNT}": {"LocationConstraint": REGION},
        f"s3.get_bucket_policy Bucket={BUCKET}": {"Policy": json.dumps(_document(*map(_statement, range(STATEMENTS))))},
        f"s3.get_bucket_ownership_controls Bucket={BUCKET}": {
            "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        },
        f"s3.get_bucket_acl Bucket={BUCKET}": {"Owner": {"ID": "abc"}, "Grants": []},
        f"s3.get_public_access_block Bucket={BUCKET}": {"PublicAccessBlockConfiguration": block},
        f"s3control.get_public_access_block AccountId={ACCOUNT}": {"PublicAccessBlockConfiguration": block},
        f"s3.get_bucket_encryption Bucket={BUCKET}": {"ServerSideEncryptionConfiguration": {"Rules": rules}},
        f"kms.describe_key KeyId={KEY}": {"KeyMetadata": {"Arn": KEY, "Enabled": True, "KeyManager": "CUSTOMER"}},
        f"kms.get_key_policy KeyId={KEY} PolicyName=default": {
            "Policy": json.dumps(_document({**whole, "Action": "kms:*", "Resource": "*"}))
        },
        f"kms.list_grants KeyId={KEY}": {"Grants": []},
        f"s3control.list_access_points AccountId={ACCOUNT} Bucket={BUCKET} @{REGION}": {"AccessPointList": []},
        f"s3control.list_multi_region_access_points AccountId={ACCOUNT} @us-west-2": {"AccessPoints": []},
        "iam.get_account_authorization_details": {
            "UserDetailList": [],
            "GroupDetailList": [],
            "RoleDetailList": [_role(number) for number in range(ROLES)],
            "Policies": [_policy(number) for number in range(POLICIES)],
        },
    }
    absent = {
        "organizations.describe_organization": Absent(absent="AWSOrganizationsNotInUseException"),
        f"s3control.list_access_grants AccountId={ACCOUNT} @{REGION}": Absent(
            absent="AccessGrantsInstanceNotExistsError"
        ),
    }
    return AwsFacts(region=REGION, answers={**{key: Answered(answer=one) for key, one in told.items()}, **absent})


def _role(number: int) -> Doc:
    trust = [_takes({"Service": "ec2.amazonaws.com"})]
    if number % 10 == 1:
        trust.append(_takes({"AWS": _arn(f"role/r{number * 7 % ROLES}")}))
    if number % 50 == 2:
        trust.append(_takes({"AWS": _arn("root")}))
    held = [f"p{(number * 4 + one) % POLICIES}" for one in range(4)]
    return {
        "Arn": _arn(f"role/r{number}"),
        "AssumeRolePolicyDocument": _document(*trust),
        "RolePolicyList": [],
        "AttachedManagedPolicies": [{"PolicyName": name, "PolicyArn": _arn(f"policy/{name}")} for name in held],
    }


def _policy(number: int) -> Doc:
    """Few of them read the bucket, some another, and one may take roles."""
    place = BUCKET if number % 5 == 0 else f"bucket-{number}"
    action = ["s3:GetObject"] if number % 40 == 0 else ["s3:ListBucket", "s3:PutObject", "logs:*"]
    first = {"Sid": "A", "Effect": "Allow", "Action": action, "Resource": f"arn:aws:s3:::{place}/*"}
    more = {"Sid": "B", "Effect": "Allow", "Action": "sts:AssumeRole" if number % 100 == 3 else "kms:Decrypt"}
    document = _document(first, {**more, "Resource": "*"})
    version = {"VersionId": "v1", "IsDefaultVersion": True, "CreateDate": "2026-01-01", "Document": document}
    return {"PolicyName": f"p{number}", "Arn": _arn(f"policy/p{number}"), "PolicyVersionList": [version]}


def _statement(number: int) -> Doc:
    return {
        "Sid": f"S{number}",
        "Effect": "Allow" if number % 2 else "Deny",
        "Principal": {"AWS": _arn(f"role/r{number * 3}")},
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{BUCKET}/{'train' if number % 3 else 'other'}/*",
    }


def _takes(who: Doc) -> Doc:
    return {"Effect": "Allow", "Principal": who, "Action": "sts:AssumeRole"}


def _document(*statements: Doc) -> Doc:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def _arn(what: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:{what}"


def catalogue() -> DatabaseGrants:
    """What a catalogue says of a table."""
    roles = tuple(Role(name=f"r{number}", login=True) for number in range(ROLES))
    granted = tuple(_may(f"r{number}", TABLE, "SELECT") for number in range(0, ROLES, 10))
    members = tuple(
        Membership(role=f"r{number}", member=f"r{number + 1}", grantor="own")
        for number in range(ROLES - 1)
        if number % 10 not in (5, 9)
    )
    main = Relation(id=TABLE, kind=RelationKind.TABLE, schema_name=SCHEMA, owner="own")
    everybody = (_may("", SCHEMA, "USAGE"), _may("", DATABASE, "CONNECT"))
    return DatabaseGrants(
        version=180_000, database=DATABASE, table=TABLE, roles=(Role(name="own"), *roles), memberships=members,
        privileges=(*everybody, _may("own", TABLE, "SELECT"), *granted), relations=(main,), routines=(), policies=(),
    )  # fmt: skip


def _may(who: str, on: str, name: str) -> Privilege:
    return Privilege(on=on, name=name, grantee=who, grantor="own")


def timed(judged: Callable[[], Readers]) -> tuple[Readers, float]:
    """What is found, and in how many seconds of the processor."""
    began = time.process_time()
    found = judged()
    return found, time.process_time() - began


def main() -> float:
    """Print a line for each, and give back the seconds that the account took."""
    aws, few = account(), tuple(_arn(f"role/r{number}") for number in range(0, 30))
    database = catalogue()
    of_bucket = timed(lambda: bucket.readers(aws, f"s3://{BUCKET}/train", Allowed(readers=few)))
    of_table = timed(lambda: postgres.readers(database, Allowed(readers=("r0", "r10", "r20"))))
    print("| benchmarks/who_can_read.py | ways in | commands | seconds |")
    print("|---|---|---|---|")
    rows = (
        (f"S3: {ROLES:,} roles, {POLICIES:,} policies, a bucket policy of {STATEMENTS:,} statements, a key", of_bucket),
        (f"PostgreSQL: {ROLES:,} roles", of_table),
    )
    for name, (found, seconds) in rows:
        assert found.grants
        print(f"| {name} | {len(found.grants):,} | {len(found.commands):,} | {seconds:.2f} |")
    assert of_bucket[0].hidden == (), of_bucket[0].hidden
    return of_bucket[1]


if __name__ == "__main__":
    sys.exit(main() > MOST_S)
