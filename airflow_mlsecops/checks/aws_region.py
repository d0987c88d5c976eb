"""The task works in a region of this environment, and every bucket lies in one.

S3 answers without a name for ``us-east-1``, and with ``EU`` for some buckets in ``eu-west-1``:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html.
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, each, fits, listed, profile
from airflow_mlsecops.checks._s3 import GET_BUCKET_LOCATION
from airflow_mlsecops.checks._scope import buckets, no_bucket
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts, NotObserved
from airflow_mlsecops.core.finding import Severity
from airflow_mlsecops.core.unseen import Unseen

_CONNECTION = ""  # no bucket has this name


def _places(facts: Facts, demand: Demand) -> tuple[str, ...]:
    return (_CONNECTION, *buckets(facts, demand))


def _ask(bucket: str, facts: Facts, demand: Demand) -> Answer:
    regions = listed(profile(demand).regions, "regions")
    expected = "one of " + ", ".join(sorted(regions))
    region = aws(facts).need(GET_BUCKET_LOCATION, Bucket=bucket).region if bucket else _connection(facts)
    if fits(region, regions):
        return passed(_name(bucket), "it is in a region of this environment", expected=expected, got=region)
    return failed(_name(bucket), "it is in a region that is not this environment's", expected=expected, got=region)


def _connection(facts: Facts) -> str:
    region = aws(facts).region
    if isinstance(region, NotObserved):
        raise Unseen("the region of the task's connection", region)
    return region


def _name(bucket: str) -> str:
    return bucket or "connection"


CHECK = Check(
    id="AWS_REGION",
    question="Are the task and every bucket in a region of this environment?",
    why="data in another region is under another law, and outside the networks and endpoints of this environment",
    remedy=(
        "set region_name in the connection's extra under Admin > Connections; a bucket's region cannot be changed: "
        "make one in the right region and copy what may be there (`aws s3 sync s3://{subject} s3://NEW`)"
    ),
    severity=Severity.HIGH,
    standards=("NIST 800-53 SC-7", "ISO 27001 A.5.23", "GDPR Art. 44"),
    ask=each(_places, _ask, none=no_bucket, name=_name),
    reads=(GET_BUCKET_LOCATION,),
)
