"""A bucket's access points lead from this environment's VPCs only, and let nobody else in.

An access point is a second door with a policy of its own. Its policy is read here, for AWS' own word on it is not
emulated anywhere. Asked in the bucket's region of the account of whoever looks: access points that other accounts make
work only if the bucket's policy lets them in (S3_FOREIGN_ACCOUNTS); Multi-Region Access Points, which lead from the
internet, only if it does not hold requests from elsewhere off (S3_VPC_ONLY).
https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-vpc.html
"""

from __future__ import annotations

from airflow_mlsecops.checks._accounts import foreign, insiders
from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, each, fits, listed, profile
from airflow_mlsecops.checks._s3 import GET_BUCKET_LOCATION, own_region, sids, whole
from airflow_mlsecops.checks._s3_control import GET_POINT, GET_POINT_POLICY, LIST_POINTS
from airflow_mlsecops.checks._scope import buckets, no_bucket
from airflow_mlsecops.checks._statements import statements
from airflow_mlsecops.checks._sts import AUDITOR, audited_account
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "access points of this environment's VPCs that let nobody else in"


def _judge(bucket: str, facts: Facts, demand: Demand) -> Answer:
    account = audited_account(facts, demand)
    region = own_region(bucket, account, facts)
    found = aws(facts).need(LIST_POINTS, region, AccountId=account, Bucket=bucket)
    names = [one.name for one in whole(found, f"all access points of bucket {bucket}").access_point_list]
    if not names:
        return passed(bucket, "the bucket has no access points", expected=_EXPECTED)
    troubles = [f"{name}: {trouble}" for name in names if (trouble := _trouble(name, region, facts, demand))]
    if troubles:
        reason = f"{len(troubles):,} of {len(names):,} access points lead in from elsewhere"
        return failed(bucket, reason, expected=_EXPECTED, got="; ".join(sorted(troubles)))
    return passed(bucket, f"{len(names):,} access points lead in from this environment only", expected=_EXPECTED)


def _trouble(name: str, region: str, facts: Facts, demand: Demand) -> str:
    point = aws(facts).need(GET_POINT, region, AccountId=audited_account(facts, demand), Name=name)
    if point.network_origin != "VPC":
        return "from the internet"
    if not fits(point.vpc, listed(profile(demand).vpcs, "vpcs")):
        return f"from {point.vpc or 'no VPC'}"
    return _let_in(name, region, facts, demand)


def _let_in(name: str, region: str, facts: Facts, demand: Demand) -> str:
    found = aws(facts).ask(GET_POINT_POLICY, region, AccountId=audited_account(facts, demand), Name=name)
    if found is None:
        return ""
    policy = statements(found.policy, f"the policy of access point {name}")
    if public := [statement for statement in policy if statement.lets_anybody_in]:
        return f"its statement {sids(public)} lets anybody in"
    own = (*insiders(demand), *profile(demand).vpcs, *profile(demand).endpoints)
    strangers = ", ".join(foreign(policy, own))
    return f"its policy lets {strangers} in" if strangers else ""


CHECK = Check(
    id="S3_ACCESS_POINTS",
    question="Do the access points of every bucket lead in from this environment only?",
    why="an access point from the internet is a way around everything that guards the bucket's name",
    remedy=(
        "`aws s3control delete-access-point --account-id <account> --name <name>`, and make it anew with "
        "--vpc-configuration VpcId=<an id under aws.vpcs>: where an access point leads from cannot be "
        "changed; to see them: `aws s3control list-access-points --account-id <account> --bucket {subject}`"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 SC-7", "NIST 800-53 AC-3", "ISO 27001 A.8.20", "SOC 2 CC6.6", "AWS FSBP S3.19"),
    ask=each(buckets, _judge, none=no_bucket),
    reads=(AUDITOR, GET_BUCKET_LOCATION, LIST_POINTS, GET_POINT, GET_POINT_POLICY),
)
