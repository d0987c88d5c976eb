"""What jobs of SageMaker have in common: networks, data, keys and instances, as its API writes them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from airflow_mlsecops.core.aws import Shape
from airflow_mlsecops.core.job import Key
from airflow_mlsecops.core.jobs.parts import Count, Place

# Families with local storage, which its own hardware encrypts and for which AWS refuses a key:
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ResourceConfig.html and
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/InstanceStorage.html
_LOCAL_STORAGE = re.compile(
    r"ml\.(?:p3dn|p4d|p4de|p5|p5e|p5en|p6[\w-]*|g4dn|g5|g6|g6e|gr6|trn1|trn1n|trn2|[cmr]\d[ai]?g?dn?)\..+"
)


class VpcConfig(Shape):
    """The network that containers are attached to."""

    subnets: tuple[str, ...] = ()
    security_group_ids: tuple[str, ...] = ()


class Uri(Shape):
    """Somewhere in S3, under whichever name the API gives it."""

    s3_uri: Place = ""
    s3_output_path: Place = ""
    destination_s3_uri: Place = ""
    s3_data_type: str = "S3Prefix"

    @property
    def uri(self) -> str:
        """The place; empty for none, and for a manifest: what is read then stands in a file that may name any place."""
        if self.s3_data_type not in ("S3Prefix", "S3Object"):
            return ""
        return self.s3_uri or self.s3_output_path or self.destination_s3_uri


class Output(Uri):
    """Where results are written, and their key."""

    kms_key_id: str = ""


class Cluster(Shape):
    """Machines of a job."""

    instance_type: str = ""
    instance_count: Count = 1
    volume_kms_key_id: str = ""

    @property
    def machines(self) -> tuple[tuple[str, Count], ...]:
        """Kinds of machines, and how many of each."""
        return ((self.instance_type, self.instance_count),)

    @property
    def keys(self) -> tuple[Key, ...]:
        """The key of its volumes; none is asked for where all storage is local."""
        if not self.volume_kms_key_id and all(map(local_storage, (kind for kind, _ in self.machines))):
            return ()
        return (Key(use="volume", key=self.volume_kms_key_id),)

    @property
    def instances(self) -> Count:
        """How many machines there are."""
        counts = [count for _, count in self.machines]
        return sum(count for count in counts if isinstance(count, int)) if _all_known(counts) else "{{"


class Upload(Shape):
    """One file that the operator uploads before it submits the job."""

    bucket: str
    key: str = ""


class S3Operations(Shape):
    """What Airflow's operators do in S3 before they submit the job; AWS never sees it."""

    s3_create_bucket: tuple[Upload, ...] = ()
    s3_upload: tuple[Upload, ...] = ()

    @property
    def outputs(self) -> tuple[str, ...]:
        """What they write."""
        return tuple(f"s3://{one.bucket}/{one.key}" for one in (*self.s3_create_bucket, *self.s3_upload))


def local_storage(instance_type: str) -> bool:
    """True for machines whose only storage is their own."""
    return _LOCAL_STORAGE.fullmatch(instance_type) is not None


def uris(*places: Uri | None) -> tuple[str, ...]:
    """Places that are named."""
    return tuple(place.uri for place in places if place is not None and place.uri)


def output_keys(outputs: Iterable[Output]) -> tuple[Key, ...]:
    """The keys of what is written."""
    return tuple(Key(use="output", key=one.kms_key_id) for one in outputs)


def _all_known(counts: list[Count]) -> bool:
    return all(isinstance(count, int) for count in counts)
