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
        oaid 设备指纹 设备唯一标识 端末識別番号 端末識別子
    """),
    hints=words("""
        device_id deviceid mobile_id hardware_id machine_id cookie_id browser_id visitor_id device handset
        handset_id hw_id installation_id install_id fingerprint_id phone_id ad_id gerate_id geraete_id gerat_id
        geratekennung id_appareil identifiant_appareil identifiant_de_l_appareil id_dispositivo id_do_dispositivo
        id_del_dispositivo identificador_dispositivo identificativo_dispositivo id_aparelho apparaat_id toestel_id
        enhets_id enheds_id laitetunnus laitetunniste laite_id id_urzadzenia identyfikator_urzadzenia id_zarizeni
        id_zariadenia id_naprave id_uređaja id_uredaja eszkoz_azonosito keszulek_azonosito id_dispozitiv
        id_устроиства ид_устроиства идентификатор_устроиства id_на_устроиство id_συσκευης αναγνωριστικο_συσκευης
        cihaz_id cihaz_kimligi id_пристрою ідентифікатор_пристрою seadme_id ierices_id irenginio_id id_perangkat
        ma_thiet_bi id_thiet_bi 设备id 设备号 设备标识 设备识别码 裝置id
        裝置識別碼 端末id デバイスid 기기id 단말기id 디바이스id 기기_식별자 기기고유번호
        รหัสอุปกรณ์ डिवाइस_आईडी معرف_الجهاز מזהה_מכשיר شناسه_دستگاه enhets_identifierare identifikator_zarizeni
        идентификатор_на_устроиство cihaz_no رقم_الجهاز
    """),
    not_names=FLAGS + words("model brand category name os group"),
)
