"""Each bucket's policy denies everybody to read its objects from outside this environment's networks.

A Deny to everybody of ``s3:GetObject`` and ``s3:GetObjectVersion`` on all objects, unless the request comes through
endpoints or VPCs that the policy folder names; EC2 confirms that the endpoints are there and lie in those VPCs. Only
``StringNotEquals`` and ``StringNotLike`` count, which also deny where the key is missing (``…IfExists`` changes nothing
of that), and no further condition, since each would let somebody else by.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies-vpc-endpoint.html
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, each, fits, listed, profile
from airflow_mlsecops.checks._s3 import GET_BUCKET_POLICY, PARTITIONS, bucket_policy, denies_everybody
from airflow_mlsecops.checks._scope import buckets, no_bucket
from airflow_mlsecops.checks._statements import Statement
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "a Deny of reading unless it comes through endpoints or VPCs of this environment"
_READ = ("s3:GetObject", "s3:GetObjectVersion")
_OPERATORS = frozenset({"stringnotequals", "stringnotequalsifexists", "stringnotlike", "stringnotlikeifexists"})
_ENDPOINT, _VPC = "aws:sourcevpce", "aws:sourcevpc"


class _Endpoint(Shape):
    vpc_id: str


class _Endpoints(Shape):
    vpc_endpoints: tuple[_Endpoint, ...]


_DESCRIBE = Operation(
    service="ec2", name="describe_vpc_endpoints", shape=_Endpoints, action="ec2:DescribeVpcEndpoints",
    absent=("InvalidVpcEndpointId.NotFound",),
)  # fmt: skip


def _judge(bucket: str, facts: Facts, demand: Demand) -> Answer:
    denies = [statement for statement in bucket_policy(bucket, facts) or () if _keeps_out(statement, bucket)]
    if not denies:
        return failed(bucket, "nothing keeps requests from elsewhere away from the bucket", expected=_EXPECTED)
    strangers = min((_strangers(statement, facts, demand) for statement in denies), key=len)
    if strangers:
        reason = "the bucket can be read through networks that are not this environment's"
        return failed(bucket, reason, expected=_EXPECTED, got=", ".join(sorted(strangers)))
    return passed(bucket, "the bucket can be read from this environment's networks only", expected=_EXPECTED)


def _keeps_out(statement: Statement, bucket: str) -> bool:
    """True if it denies everybody to read, but for those who come from networks that it names."""
    keys = {key for keys in statement.conditions.values() for key in keys}
    if not _networks(statement) or keys - {_ENDPOINT, _VPC} or statement.conditions.keys() - _OPERATORS:
        return False
    return any(
        all(denies_everybody(statement, action, f"arn:{partition}:s3:::{bucket}/*") for action in _READ)
        for partition in PARTITIONS
    )


def _strangers(statement: Statement, facts: Facts, demand: Demand) -> set[str]:
    """Networks that a statement lets by and that are not the environment's."""
    return {value for key, value in _networks(statement) if not _own(key, value, facts, demand)}


def _networks(statement: Statement) -> set[tuple[str, str]]:
    """What its conditions name, each with the key that names it."""
    conditions = (condition for keys in statement.conditions.values() for condition in keys.items())
    return {(key, value) for key, values in conditions for value in values}


def _own(key: str, value: str, facts: Facts, demand: Demand) -> bool:
    if set("*?$") & set(value):  # also stands for networks that are nobody's yet
        return False
    vpcs = listed(profile(demand).vpcs, "vpcs")
    if key == _VPC:
        return fits(value, vpcs)
    if not fits(value, listed(profile(demand).endpoints, "endpoints")):
        return False
    found = aws(facts).ask(_DESCRIBE, VpcEndpointIds=[value])
    places = [one.vpc_id for one in found.vpc_endpoints] if found else []
    return bool(places) and all(fits(vpc, vpcs) for vpc in places)


CHECK = Check(
    id="S3_VPC_ONLY",
    question="Can every bucket be read from this environment's networks only?",
    why="stolen credentials work from anywhere unless the bucket asks where a request comes from",
    remedy=(
        'add to the policy of {subject} (`aws s3api put-bucket-policy`): {"Sid": "FromHereOnly", "Effect": '
        '"Deny", "Principal": "*", "Action": "s3:GetObject*", "Resource": "arn:aws:s3:::{subject}/*", '
        '"Condition": {"StringNotEquals": {"aws:SourceVpce": ["<ids under aws.endpoints>"]}}}'
    ),
    severity=Severity.HIGH,
    standards=(
        *("NIST 800-53 SC-7", "NIST 800-53 AC-4", "ISO 27001 A.8.20", "ISO 27001 A.8.22", "SOC 2 CC6.6"),
        "MITRE ATLAS AML.T0025",
    ),
    ask=each(buckets, _judge, none=no_bucket),
    reads=(GET_BUCKET_POLICY, _DESCRIBE),
)
