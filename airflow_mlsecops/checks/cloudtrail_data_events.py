"""A trail writes down who reads the objects of each bucket, and its files cannot be changed unnoticed.

The trail must be logging, validate its files, cover the bucket's region, and select *read* data events of all of the
bucket's objects, by basic or by advanced selectors. A selector that leaves something out (an event, a caller, a prefix)
does not count, unless what it leaves out is another bucket.
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
"""

from __future__ import annotations

import re

from pydantic import Field

from airflow_mlsecops.checks._answer import failed, passed
from airflow_mlsecops.checks._aws import aws, each, home, there_is
from airflow_mlsecops.checks._s3 import GET_BUCKET_LOCATION
from airflow_mlsecops.checks._scope import buckets, no_bucket
from airflow_mlsecops.core.aws import CamelShape, Operation, Shape
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity

_EXPECTED = "a trail that logs, is validated, and selects read events of all its objects"
_OBJECTS = "AWS::S3::Object"
_PARTITION = re.compile(r"arn:aws(-[a-z-]+)?:s3")


class _Trail(Shape):
    name: str
    arn: str = Field(alias="TrailARN")
    home_region: str = ""
    is_multi_region_trail: bool = False
    log_file_validation_enabled: bool = False


class _Trails(CamelShape):
    trail_list: tuple[_Trail, ...]


class _Status(Shape):
    is_logging: bool


class _DataResource(Shape):
    type: str = ""
    values: tuple[str, ...] = ()


class _Basic(Shape):
    read_write_type: str = ""
    data_resources: tuple[_DataResource, ...] = ()

    def covers(self, bucket: str) -> bool:
        """True if it selects reads of all objects of a bucket."""
        values = {_plain(value) for one in self.data_resources if one.type == _OBJECTS for value in one.values}
        return self.read_write_type in ("All", "ReadOnly") and not values.isdisjoint(_everything(bucket))


class _Field(Shape):
    field: str
    equals: tuple[str, ...] = ()
    starts_with: tuple[str, ...] = ()
    ends_with: tuple[str, ...] = ()
    not_equals: tuple[str, ...] = ()
    not_starts_with: tuple[str, ...] = ()
    not_ends_with: tuple[str, ...] = ()

    def lets_through(self, bucket: str) -> bool:
        """True if reads of a bucket's objects pass it, all of them."""
        return not self.ends_with and not self.not_ends_with and self._by_name(bucket)

    def _by_name(self, bucket: str) -> bool:
        if self.field == "resources.ARN":
            return self._by_arn(bucket)
        wanted = {"eventCategory": "Data", "resources.type": _OBJECTS, "readOnly": "true"}.get(self.field)
        return wanted in self.equals and not (self.starts_with or self.not_equals or self.not_starts_with)

    def _by_arn(self, bucket: str) -> bool:
        left_out = any(_meet(value, bucket) for value in (*self.not_equals, *self.not_starts_with))
        let_in = not self.starts_with or any(_begins(value, bucket) for value in self.starts_with)
        return let_in and not left_out and not self.equals


class _Advanced(Shape):
    field_selectors: tuple[_Field, ...]

    def covers(self, bucket: str) -> bool:
        """True if it selects reads of all objects of a bucket; whatever it asks must let them through."""
        asked = {one.field for one in self.field_selectors}
        is_data = {"eventCategory", "resources.type"} <= asked
        return is_data and all(one.lets_through(bucket) for one in self.field_selectors)


class _Selectors(Shape):
    event_selectors: tuple[_Basic, ...] = ()
    advanced_event_selectors: tuple[_Advanced, ...] = ()
    trail: str = Field(alias="TrailARN")

    def cover(self, bucket: str) -> bool:
        """True if one of them selects reads of all objects of a bucket."""
        basic = any(one.covers(bucket) for one in self.event_selectors)
        return basic or any(one.covers(bucket) for one in self.advanced_event_selectors)


_TRAILS = Operation(service="cloudtrail", name="describe_trails", shape=_Trails, action="cloudtrail:DescribeTrails")
_STATUS = Operation(service="cloudtrail", name="get_trail_status", shape=_Status, action="cloudtrail:GetTrailStatus")
_SELECTORS = Operation(
    service="cloudtrail", name="get_event_selectors", shape=_Selectors, action="cloudtrail:GetEventSelectors"
)


def _everything(bucket: str) -> tuple[str, ...]:
    """What a basic selector may say for all objects of a bucket."""
    return ("arn:aws:s3", "arn:aws:s3:::", _objects(bucket))


def _objects(bucket: str) -> str:
    return f"arn:aws:s3:::{bucket}/"


def _plain(arn: str) -> str:
    """The same in every partition."""
    return _PARTITION.sub("arn:aws:s3", arn)


def _begins(value: str, bucket: str) -> bool:
    """True if an ARN, taken as a beginning, stands for all objects of a bucket; half a bucket's name does too."""
    return bool(value) and _objects(bucket).startswith(_plain(value))


def _meet(value: str, bucket: str) -> bool:
    """True if an ARN, taken as a beginning, stands for some object of a bucket."""
    return _begins(value, bucket) or _plain(value).startswith(_objects(bucket))


def _judge(bucket: str, facts: Facts, demand: Demand) -> Answer:
    trails = [trail for trail in aws(facts).need(_TRAILS).trail_list if trail.log_file_validation_enabled]
    found = there_is(trails, lambda trail: _covers(trail, bucket, facts))
    if found is None:
        return failed(bucket, "no trail writes down who reads its objects", expected=_EXPECTED, got="none")
    return passed(bucket, "a trail writes down who reads its objects", expected=_EXPECTED, got=found.name)


def _covers(trail: _Trail, bucket: str, facts: Facts) -> bool:
    there = home(trail.home_region, facts)
    return (
        aws(facts).need(_SELECTORS, there, TrailName=trail.arn).cover(bucket)
        and aws(facts).need(_STATUS, there, Name=trail.arn).is_logging
        and (trail.is_multi_region_trail or trail.home_region == _region(bucket, facts))
    )


def _region(bucket: str, facts: Facts) -> str:
    return aws(facts).need(GET_BUCKET_LOCATION, Bucket=bucket).region


CHECK = Check(
    id="CLOUDTRAIL_DATA_EVENTS",
    question="Is every read of the bucket's objects written down by a trail?",
    why="without data events nobody can say afterwards who downloaded what",
    remedy=(
        '`aws cloudtrail put-event-selectors --trail-name … --advanced-event-selectors \'[{"FieldSelectors": '
        '[{"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": '
        '["AWS::S3::Object"]}, {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::{subject}/"]}]}]\'`; '
        "and `aws cloudtrail update-trail --name … --enable-log-file-validation --is-multi-region-trail`"
    ),
    severity=Severity.HIGH,
    standards=(
        *("NIST 800-53 AU-2", "NIST 800-53 AU-12", "ISO 27001 A.8.15", "ISO 27001 A.8.16", "SOC 2 CC7.2"),
        *("CIS AWS 5.0 3.9", "AWS FSBP CloudTrail.4"),
    ),
    ask=each(buckets, _judge, none=no_bucket),
    reads=(_TRAILS, _STATUS, _SELECTORS, GET_BUCKET_LOCATION),
)
