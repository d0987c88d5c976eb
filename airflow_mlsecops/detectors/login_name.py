"""Logins made of a person's name, by their values: ``hannahdouglas``, ``karen44``, ``mossnorman``, ``corp\\j.doe``.

Words that run together are also domains, brands and tags: a given name must begin or end it, and a family name or
digits make up the rest. A column of users also holds full names, kinds of users and numbers, which are no logins.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.detectors._gazetteer import cities, common_words, family_names, given_names
from airflow_mlsecops.detectors._hints import words
from airflow_mlsecops.detectors._person_names import is_rare
from airflow_mlsecops.detectors.username import CHOSEN, HUMPED, username
from airflow_mlsecops.detectors.username import DETECTOR as USERNAME

_LOGIN = re.compile("([a-z]{4,24})([0-9]{0,4})")
_JOINED = re.compile(r"([a-z]+)[._]([a-z]{3,})[0-9]{0,4}")
_GIVEN_FIRST = re.compile(r"([a-z]{3,})[._][a-z][0-9]{0,4}")
_WITH_INITIAL = re.compile("([A-Z][a-z]{2,})[A-Z]")
# As directories number accounts; a data set counts its user_1, user_2, … instead.
_ISSUED = re.compile("(?:user|usr)[0-9]{3,6}|usr_[0-9]{1,6}")
_SHORTEST = 3
_BUILT_IN = frozenset(words("root admin administrator sysadmin superuser webmaster postgres oracle www-data nobody"))
# Initials and a number, as schools and firms give them out.
_NUMBERED = re.compile("[a-z]{2,3}[0-9]{2,6}")
_BARE = re.compile("[a-z]{3,20}")
_WORD = re.compile("[A-Z]+[a-z]*")
_PARTS = re.compile("[A-Z]?[a-z]+|[A-Z]+")


def _account(cell: str) -> str:
    """The name of an account without the domain before it."""
    return cell.rpartition("\\")[2]


def _login(cell: str) -> str:
    """What may be a login where the column says whose it is: no full name, no kind of users, no key of a table."""
    account = _account(cell)
    if account.casefold() in _BUILT_IN or _is_made(account):
        return account.casefold()
    if account.isupper() and account.isalpha():
        # As databases and mainframes write all names: JSMITH, and the kinds of users too.
        lower = account.casefold()
        return lower if lower not in common_words() and (_is_made(lower) or _is_initialled(lower, shortest=4)) else ""
    if _BARE.fullmatch(account):
        # Words of any language are kinds of users, and family names too.
        return account if account in given_names() else ""
    chosen = CHOSEN.fullmatch(account) or HUMPED.fullmatch(account) or _NUMBERED.fullmatch(account)
    wording = _WORD.fullmatch(account) or _is_wording(account)
    return username(account) if chosen and not wording else ""


def _is_wording(account: str) -> bool:
    """Words of any dictionary only: ``new_user``, ``PaidSearch``."""
    parts = [part.casefold() for part in _PARTS.findall(account)]
    return all(part in common_words() and part not in given_names() for part in parts)


def _is_made(cell: str) -> bool:
    account = _account(cell)
    if account != cell:
        return bool(_login(account))
    if _ISSUED.fullmatch(account) or _is_joined(account):
        return True
    match = _LOGIN.fullmatch(account)
    if match is None or match[1] in common_words() or match[1] in cities():
        return False
    word = match[1]
    if match[2] and word in given_names():
        return True
    splits = range(_SHORTEST, len(word) - _SHORTEST + 1)
    pair = any(_is_pair(word[:at], word[at:]) or _is_pair(word[at:], word[:at]) for at in splits)
    return pair or _is_initialled(word, shortest=4 if match[2] else 6)


def _is_joined(account: str) -> bool:
    """``john.smith``, ``j.doe``, ``RobertH``: a given name or its initial, and a family name or its initial."""
    match = _WITH_INITIAL.fullmatch(account) or _GIVEN_FIRST.fullmatch(account)
    if match:
        return match[1].casefold() in given_names()
    match = _JOINED.fullmatch(account)
    if match is None or match[2] not in family_names():
        return False
    return len(match[1]) == 1 or (match[1] in given_names() and (is_rare(match[1]) or is_rare(match[2])))


def _is_pair(given: str, family: str) -> bool:
    rare = given not in common_words() or family not in common_words()
    return rare and given in given_names() and family in family_names()


def _is_initialled(word: str, shortest: int) -> bool:
    """``tyoung``, ``bherbert``: one letter before a family name."""
    named = word in given_names() or word in family_names()
    return len(word) >= shortest and word[1:] in family_names() and not named


DETECTOR = Detector(
    entity=USERNAME.entity,
    cell_pattern=r"^(?:[A-Za-z0-9.\-]{1,20}\\{1,2})?[A-Za-z][A-Za-z0-9._\-]{2,31}$",
    cell=_login,
    known=_is_made,
    common=0.0055,
    names=words("""
        user users usr actor acct_name account_name user_account ad_user db_user os_user identifiant
        benutzer nutzer kennung benutzerkonto utilisateur usuario cuenta_usuario utente utenza utilizador gebruiker
        anvandare bruker bruger kayttaja notandi użytkownik uzytkownik nazwa_konta uzivatel uzivatelsky_ucet pouzivatel
        uporabnik korisnik корисник felhasznalo utilizator потребител χρηστης kullanici kullanıcı пользователь
        учетная_запись користувач обліковии_запис kasutaja lietotajs vartotojas naudotojas pengguna nama_akun
        nguoi_dung gumagamit usuari 用户 使用者 사용자 ผู้ใช้ उपयोगकर्ता المستخدم משתמש کاربر
        usnam ernam aenam
    """),
    hints=USERNAME.names + USERNAME.hints + words("employee staff student pupil teacher manager mitarbeiter empleado"),
    not_names=tuple(word for word in USERNAME.not_names if word != "os")
    + words("""
        password pin domain host slug tag package browser app
        campaign channel network site page event interest query search input
        message prompt reply content text story feedback team role brand company org organization department unit
        address zip zone region locale timezone currency theme version
    """),
    near=("PERSON", "EMAIL_ADDRESS", "PASSWORD", "IP_ADDRESS", "MAC_ADDRESS", "DEVICE_ID"),
)
