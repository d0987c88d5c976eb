"""Names that people log in or post with: ``jsmith``, ``mary_jane84``.

A column of users holds numbers, opaque keys, full names or logins: numbers and UUIDs are ids of a table, ``user_12``
is a pseudonym, and only names that look chosen (letters, then digits or ``_`` ``.`` within) are known by themselves.
Shops call the address of a product's page its handle.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words
from airflow_mlsecops.detectors._secrets import hash_like

_CHOSEN = re.compile(
    r"[a-z]{3,16}(?:[._][a-z]{2,16}(?:[0-9]{1,4})?|[0-9]{1,4}|_[0-9]{1,4})|[A-Z][a-z]{2,14}[A-Z]?[a-z]{0,14}_?[0-9]{1,4}"
)
_PSEUDONYM = re.compile(
    r"(?:user|usr|u|id|uid|cust|customer|client|player|member|visitor|guest|account|acct|test|emp|employee|anon|item|node"
    r"|group|class|type|level|cluster|sensor|device|session|patient|subject)s?[-_. ]?[0-9]+",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"[0-9a-f]{8}-.*|true|false|yes|no|none|null|nan|unknown|n/?a|[-+]?[0-9][0-9.,:eE /-]*"
    r"|(?:19|20)[0-9]{2}-[0-9]{2}-.*",
    re.IGNORECASE,
)


def _username(cell: str) -> str:
    named = any(c.isalpha() for c in cell) and not _NO_NAME.fullmatch(cell) and not hash_like(cell)
    return cell.casefold() if named and not _PSEUDONYM.fullmatch(cell) else ""


def _known(cell: str) -> bool:
    return bool(_username(cell)) and _CHOSEN.fullmatch(cell) is not None


DETECTOR = Detector(
    entity=Entity(
        name="USERNAME", title="user name", role=Role.DIRECT, level=Level.CONFIDENTIAL, tags=("GDPR", "CCPA")
    ),
    cell_pattern=r"^\S{2,64}$|^\S{1,32}(?: \S{1,32}){1,2}$",
    cell=_username,
    known=_known,
    common=0.2,
    names=words("""
        username user_name usr_name usrname uname login login_name loginname login_id loginid logon logon_name
        user_login userlogin screen_name screenname nickname nick_name nick gamertag gamer_tag user_handle
        sam_account_name samaccountname user_principal_name upn benutzername anmeldename nom_utilisateur
        nom_d_utilisateur pseudo identifiant nombre_usuario nombre_de_usuario nome_utente nome_usuario nome_de_usuario
        gebruikersnaam nazwa_uzytkownika kullanici_adi anvandarnamn brukernavn brugernavn логин имя_пользователя
        никнейм 用户名 用戶名 昵称 ユーザー名 ユーザ名 아이디 닉네임 اسم_المستخدم
    """),
    hints=words("""
        user usr author committer owner created_by modified_by updated_by posted_by poster commenter reviewer
        assignee reporter userid user_id handle creator uploader submitter contributor maintainer utente usuario
        utilisateur benutzer пользователь 用户
    """),
    not_names=tuple(word for word in FLAGS if word not in ("created", "updated", "changed"))
    + words("""
        agent date time at day attempt failed last device role group segment class category language lang city country
        rating review age sex gender os platform source method ip url host domain email phone plan tier state action
        type_of story model product
    """),
    near=("PASSWORD", "EMAIL_ADDRESS", "IP_ADDRESS"),
)
