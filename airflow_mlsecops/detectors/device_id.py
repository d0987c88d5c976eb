"""Identifiers of devices and of their owners' advertising profiles: IDFA, Google's advertising id, Android id, UDID.

Recital 30 GDPR; https://developer.apple.com/documentation/adsupport,
https://support.google.com/googleplay/android-developer/answer/6048248

They are UUIDs or hexadecimal digits like the keys of any table: only the column's name tells.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_UUID = re.compile(r"\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}?|[0-9A-Fa-f]{8}-[0-9A-Fa-f]{16}")
_HEX = re.compile(r"[0-9a-f]{16}|[0-9a-f]{32}|[0-9a-f]{40}|[0-9A-F]{16}|[0-9A-F]{32}")


def _id(cell: str) -> str:
    return cell.strip("{}").lower() if len(set(cell)) > 5 else ""


def _known(cell: str) -> bool:
    return bool(_id(cell)) and (
        _UUID.fullmatch(cell) is not None or (_HEX.fullmatch(cell) is not None and not cell.isdigit())
    )


DETECTOR = Detector(
    entity=Entity(
        name="DEVICE_ID",
        title="device identifier",
        role=Role.QUASI,
        level=Level.INTERNAL,
        tags=("GDPR", "CCPA", "HIPAA"),
    ),
    cell_pattern=r"^\{?[0-9A-Fa-f]{8}-?[0-9A-Fa-f\-]{4,36}\}?$|^[0-9A-Za-z_:.\-]{12,128}$",
    cell=_id,
    known=_known,
    common=0.05,
    names=words("""
        advertising_id advertiser_id ad_id_mobile idfa gaid aaid idfv rida tifa android_id udid device_uuid
        device_udid mobile_ad_id maid mobile_advertising_id device_guid device_fingerprint browser_fingerprint
        machine_guid hardware_uuid device_identifier phone_uuid openudid appsflyer_id adjust_id vendor_id_apple
    """),
    hints=words("""
        device_id deviceid mobile_id hardware_id machine_id cookie_id browser_id visitor_id device handset
    """),
    not_names=FLAGS + words("model brand category name os group"),
)
