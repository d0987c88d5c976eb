"""Columns named after addresses of Internet Protocol: also what proves nothing by itself.

``1.2.3.4`` is a version elsewhere, ``203.0.113.xxx`` is masked, ``10.0.0.0/8`` a network. Innings pitched (``IP``) are
numbers with one full stop. Where no name says anything, columns full of addresses of private networks (RFC 1918) are
told by them: one of ``10.0.0.124`` alone may still be a version.
"""

from __future__ import annotations

import ipaddress
import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._hints import FLAGS, words
from airflow_mlsecops.detectors.ip_address import DETECTOR as _ANYWHERE
from airflow_mlsecops.detectors.ip_address import addresses, octets_of, version_six

_DOTTED = r"[0-9]{1,3}\.[0-9]{1,3}\.(?:[0-9]{1,3}|[xX*]{1,3})\.(?:[0-9]{1,3}|[xX*]{1,3})"


# Of test data; 127.0.0.1 is whoever asks.
_LOOPED = re.compile(r"127\.(?!0\.0\.1$)[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}")
# Elsewhere the server of a link is nobody; where the name says so, it is what was asked for.
_LINK = re.compile("^(?:[a-z]{2,5}:)?//")


def _address(cell: str) -> str:
    host = _LINK.sub("", cell).strip("[]").partition("/")[0].partition("%")[0]
    if ":" in host and "." in host:
        host = host.partition(":")[0] if host.count(":") == 1 else host
    if ":" in host:
        return version_six(host)
    if any(character in "xX*" for character in host):
        return host.lower()
    return host if octets_of(host) or _LOOPED.fullmatch(host) else ""


def _is_known(cell: str) -> bool:
    host = "" if _LINK.match(cell) else _address(cell)
    if not octets_of(host):
        return any(True for _ in addresses(host))
    return ipaddress.IPv4Address(host).is_private or any(True for _ in addresses(host))


DETECTOR = Detector(
    entity=_ANYWHERE.entity,
    cell_pattern=rf"^(?:[a-z]{{2,5}}:)?//{_DOTTED}(?::[0-9]{{1,5}})?(?:/\S{{0,200}})?$"
    rf"|^(?:{_DOTTED}(?::[0-9]{{1,5}}|/[0-9]{{1,2}})?|\[?[0-9A-Fa-f]{{0,4}}:[0-9A-Fa-f:.]{{2,45}}\]?(?:[/%][0-9A-Za-z]{{1,15}})?)$",
    cell=_address,
    known=_is_known,
    common=0.0005,
    names=words("""
        ip ips ip_address ip_addr ipaddress ipaddr ipv4 ipv6 client_ip remote_ip source_ip src_ip dest_ip dst_ip
        user_ip host_ip server_ip public_ip private_ip last_ip login_ip remote_addr x_forwarded_for ip_adresse
        adresse_ip direccion_ip indirizzo_ip endereco_ip ip_adres srcaddr dstaddr src_addr dst_addr srcip dstip
        ip_адрес ip地址
        remote_host registrationip registration_ip lastip regip signup_ip gateway default_gateway next_hop nexthop
        orig_h resp_h cip source_address src_address destination_address dest_address ип_адреса ип_адрес аипи ip주소
        아이피 아이피주소 ไอพีแอดเดรส आईपी عنوان_الآي_بي آی_پی آدرس_آی_پی ip位址 ipアドレス
    """),
    not_names=FLAGS
    + words("""
        version firmware release build oid user_agent useragent browser agent ver software section clause chapter
        protocol country city geo
        strip
    """),
)
