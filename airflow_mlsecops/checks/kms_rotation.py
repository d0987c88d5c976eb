"""The environment's symmetric keys are rotated by KMS.

Rotation limits what one copy of key material opens. KMS rotates only symmetric keys whose material it made itself; keys
that AWS manages are rotated every year without being asked.
https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
"""

from __future__ import annotations

from airflow_mlsecops.checks._answer import failed, not_applicable, passed
from airflow_mlsecops.checks._aws import aws, each
from airflow_mlsecops.checks._kms import DESCRIBE_KEY, KeyMetadata, described, keys, no_key, region_of_key
from airflow_mlsecops.checks._s3 import GET_BUCKET_ENCRYPTION
from airflow_mlsecops.core.aws import Operation, Shape
from airflow_mlsecops.core.check import Answer, Check, Demand
from airflow_mlsecops.core.facts import Facts
from airflow_mlsecops.core.finding import Severity


class _Rotation(Shape):
    key_rotation_enabled: bool


_GET = Operation(service="kms", name="get_key_rotation_status", shape=_Rotation, action="kms:GetKeyRotationStatus")
_ELSEWHERE = ("EXTERNAL", "AWS_CLOUDHSM", "EXTERNAL_KEY_STORE")


def _judge(key: str, facts: Facts, demand: Demand) -> Answer:
    found = described(key, facts)
    if reason := _cannot_be_rotated(found):
        return not_applicable(key, reason)
    if aws(facts).need(_GET, region_of_key(found.arn, facts), KeyId=found.arn).key_rotation_enabled:
        return passed(key, "KMS rotates the key", expected="rotation on", got="on")
    return failed(key, "KMS does not rotate the key", expected="rotation on", got="off")


def _cannot_be_rotated(key: KeyMetadata) -> str:
    """Why the question does not arise; what AWS does not say of a key leaves it open."""
    if key.key_manager == "AWS":
        return "AWS manages the key, and rotates it"
    if key.key_spec not in ("", "SYMMETRIC_DEFAULT"):
        return "KMS rotates symmetric keys only"
    return "KMS did not make its material, and cannot rotate it" if key.origin in _ELSEWHERE else ""


CHECK = Check(
    id="KMS_ROTATION",
    question="Does KMS rotate the environment's keys?",
    why="a key that is never changed opens, once it is lost, all that was ever encrypted with it",
    remedy="`aws kms enable-key-rotation --key-id {subject}`",
    severity=Severity.LOW,
    standards=("NIST 800-53 SC-12", "ISO 27001 A.8.24", "CIS AWS 5.0 3.6", "AWS FSBP KMS.4"),
    ask=each(keys, _judge, none=no_key),
    reads=(GET_BUCKET_ENCRYPTION, DESCRIBE_KEY, _GET),
)
