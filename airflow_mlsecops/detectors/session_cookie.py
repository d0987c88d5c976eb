"""Session cookies: whoever holds one is logged in. By the cookie's own name, or the column's.

RFC 6265, section 8. ``;jsessionid=`` in addresses is the crawler's own; ids of visits in analytics are no cookies.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words
from airflow_mlsecops.detectors._secrets import random, tokens, uuid_like

_NAMES = (
    r"(?:PHPSESSID|JSESSIONID|ASP\.NET_SessionId|ASPSESSIONID[A-Z]{8}|connect\.sid|_gitlab_session|laravel_session"
    r"|_session_id|sessionid|session_token|wordpress_logged_in_[0-9a-f]+|S?SESS[0-9a-f]{8}[0-9a-f]*|AWSALB|li_at|c_user"
    r"|(?:__Secure-|__Host-)[0-9A-Za-z_.\-]+)"
)
_COOKIE = re.compile(rf"{_NAMES}=([0-9A-Za-z%._~+/|:-]{{16,}})")


def _cookies(run: str) -> Iterator[Span]:
    return tokens(_COOKIE, run)


def _value(cell: str) -> str:
    return cell if random(cell) and any(c.isdigit() for c in cell) else ""


DETECTOR = Detector(
    entity=Entity(
        name="SESSION_COOKIE", title="session cookie", role=Role.SECRET, level=Level.RESTRICTED, tags=("GDPR",)
    ),
    pattern=rf"(?:^|[\s\"']){_NAMES}=[0-9A-Za-z%._~+/|:\-]{{8}}[0-9A-Za-z%._~+/|:\-]*",
    find=_cookies,
    cell_pattern=r"^\S{15}.*$",
    cell=_value,
    known=lambda cell: len(cell) >= 24 and " " not in cell and not uuid_like(cell),
    common=0.1,
    names=words(
        "session_cookie session_key phpsessid jsessionid sessid auth_cookie cookie_value set_cookie http_cookie"
    ),
    hints=words("session_id sessionid cookie session"),
    not_names=FLAGS + words("name domain path policy consent category duration start end"),
)
