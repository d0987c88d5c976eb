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
from airflow_mlsecops.detectors._gazetteer import cities, common_words, given_names
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
    return bool(_username(cell)) and (_CHOSEN.fullmatch(cell) is not None or _is_coined(cell))


_HUMPED = re.compile(r"[A-Z]?[a-z]+(?:[A-Z][a-z]+)+|[A-Z]{1,4}[a-z]+(?:[A-Z][a-z]*)*|[A-Za-z]+[_\-][A-Za-z0-9_\-]+")
_RUN = re.compile("[a-z]{5,20}")


def _is_coined(cell: str) -> bool:
    """One word that is neither in any dictionary nor a name by itself: ``diasjorge``, ``CloudWarGit``."""
    if _HUMPED.fullmatch(cell):
        return True
    return _RUN.fullmatch(cell) is not None and not any(
        cell in known() for known in (common_words, given_names, cities)
    )


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
        sam_account samaccount logon_id loginid_name user_logon nama_pengguna ten_dang_nhap felhasznalonev
        uzivatelske_jmeno nume_utilizator korisnicko_ime ονομα_χρηστη שם_משתמש ชื่อผู้ใช้ 사용자명 사용자_아이디
        계정명 यूजरनेम
        اسم_مستخدم نام_کاربری имя_пользователя_логин логін kullanici kullaniciadi benutzerkennung benutzer_name
        usuario_login login_usuario nombre_de_usuario_login identifiant_connexion gebruikers_naam
    """),
    hints=words("""
        user usr author committer owner created_by modified_by updated_by posted_by poster commenter reviewer
        assignee reporter userid user_id handle creator uploader submitter contributor maintainer utente usuario
        utilisateur benutzer пользователь 用户
        twitter instagram insta opened_by closed_by assigned_to reported_by uploaded_by submitted_by logged_by
    """),
    not_names=tuple(word for word in FLAGS if word not in ("created", "updated", "changed"))
    + words("""
        agent date time at day attempt failed last device role group segment class category language lang city country
        rating review age sex gender os platform source method ip url host domain email phone plan tier state action
        type_of story model product
    """),
    near=("PASSWORD", "EMAIL_ADDRESS", "IP_ADDRESS", "PERSON"),
)
