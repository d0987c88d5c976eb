"""AWS' own detectives are on, and the one that proves who outside can reach a bucket found nobody.

IAM Access Analyzer must watch the account or the organisation, with no active finding about a bucket; GuardDuty must be
on, and watch S3: each in the bucket's own region, for they see no other. Macie is not asked: AWS refuses to talk of it
in the same words where it is off and where a permission is missing.
https://docs.aws.amazon.com/IAM/latest/UserGuide/what-is-access-analyzer.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, each, home, there_is
from airflow_mlsecops.checks._s3 import GET_BUCKET_LOCATION
from airflow_mlsecops.checks._scope import buckets, no_bucket
from airflow_mlsecops.core.aws import CamelShape, Operation, Shape
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXTERNAL = ("ACCOUNT", "ORGANIZATION")


class _Analyzer(CamelShape):
    arn: str
    type: str
    status: str = ""


class _Analyzers(CamelShape):
    analyzers: tuple[_Analyzer, ...]


class _Finding(CamelShape):
    id: str
    status: str = "ACTIVE"
    resource: str = ""


class _Findings(CamelShape):
    findings: tuple[_Finding, ...]


class _Detectors(Shape):
    detector_ids: tuple[str, ...]


class _Feature(Shape):
    name: str
    status: str = "DISABLED"


class _Detector(Shape):
    status: str
    features: tuple[_Feature, ...] = ()

    @property
    def watches_s3(self) -> bool:
        """True if it is on, and reads the data events of S3."""
        features = {one.name: one.status for one in self.features}
        return self.status == features.get("S3_DATA_EVENTS") == "ENABLED"


_ANALYZERS = Operation(
    service="accessanalyzer", name="list_analyzers", shape=_Analyzers, action="access-analyzer:ListAnalyzers"
)
_FINDINGS = Operation(
    service="accessanalyzer", name="list_findings_v2", shape=_Findings, action="access-analyzer:ListFindings"
)
_DETECTORS = Operation(service="guardduty", name="list_detectors", shape=_Detectors, action="guardduty:ListDetectors")
_DETECTOR = Operation(service="guardduty", name="get_detector", shape=_Detector, action="guardduty:GetDetector")

_Part = tuple[str, Callable[[Facts, Demand], Answer]]


def _parts(facts: Facts, demand: Demand) -> Iterator[_Part]:
    found = buckets(facts, demand)
    for region in sorted({_home(bucket, facts) for bucket in found}):
        name = f"guardduty {region}".strip()
        yield name, partial(_guardduty, name, region)
    for bucket in found:
        yield bucket, partial(_bucket, bucket)


def _home(bucket: str, facts: Facts) -> str:
    return home(aws(facts).need(GET_BUCKET_LOCATION, Bucket=bucket).region, facts)


def _judge(part: _Part, facts: Facts, demand: Demand) -> Answer:
    return part[1](facts, demand)


def _guardduty(name: str, region: str, facts: Facts, demand: Demand) -> Answer:
    expected = "a detector that watches S3"
    detectors = aws(facts).need(_DETECTORS, region).detector_ids
    if there_is(detectors, lambda one: aws(facts).need(_DETECTOR, region, DetectorId=one).watches_s3):
        return passed(name, "GuardDuty watches S3", expected=expected)
    reason = "GuardDuty does not watch S3" if detectors else "GuardDuty is off"
    return failed(name, reason, expected=expected, got=f"{len(detectors):,} detectors")


def _bucket(bucket: str, facts: Facts, demand: Demand) -> Answer:
    expected = "an analyzer of external access, and no active finding"
    region = _home(bucket, facts)
    there = aws(facts).need(_ANALYZERS, region).analyzers
    on = [one for one in there if one.type in _EXTERNAL and one.status == "ACTIVE"]
    if not on:
        return failed(bucket, "no Access Analyzer watches it", expected=expected, got="no analyzer")
    found = {finding.id for one in on for finding in _findings(one.arn, bucket, region, facts)}
    if found:
        reason = "Access Analyzer found that somebody outside can reach it"
        return failed(bucket, reason, expected=expected, got=", ".join(sorted(found)))
    return passed(bucket, "Access Analyzer found nobody outside who can reach it", expected=expected)


def _findings(analyzer: str, bucket: str, region: str, facts: Facts) -> Iterator[_Finding]:
    asked = {"status": {"eq": ["ACTIVE"]}, "resourceType": {"eq": ["AWS::S3::Bucket"]}}
    answer = aws(facts).need(_FINDINGS, region, analyzerArn=analyzer, filter=asked)
    for one in answer.findings:
        if one.status == "ACTIVE" and one.resource.rpartition(":")[2] == bucket:
            yield one


CHECK = Check(
    id="DETECTIVE_FINDINGS",
    question="Are AWS' own detectives on, without a finding about the buckets?",
    why="they see what a gate cannot: access that turns up later, and downloads that look like a theft",
    remedy=(
        "`aws accessanalyzer create-analyzer --analyzer-name account --type ACCOUNT`, and resolve what it "
        "finds about {subject}; `aws guardduty create-detector --enable --features "
        "Name=S3_DATA_EVENTS,Status=ENABLED`; both with the bucket's --region"
    ),
    severity=Severity.LOW,
    standards=("NIST 800-53 AU-6", "NIST 800-53 SI-4", "ISO 27001 A.8.16", "SOC 2 CC7.2"),
    ask=each(_parts, _judge, none=no_bucket, name=lambda part: part[0]),
    reads=(_ANALYZERS, _FINDINGS, _DETECTORS, _DETECTOR, GET_BUCKET_LOCATION),
)
