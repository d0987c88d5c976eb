"""Names that people log in or post with: ``jsmith``, ``mary_jane84``.

A column of users holds numbers, opaque keys, full names or logins: numbers and UUIDs are ids of a table, ``user_12``
is a pseudonym where the column does not say that people log in by it, and only names that look chosen (letters, then
digits or ``_`` ``.`` within) are known by themselves.
Numbers of staff or members are logins where the column says that people log in by what it holds.
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

CHOSEN = re.compile(
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
_MEMBER = re.compile("[0-9]{5,9}")
_DAY = re.compile("(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]")


def username(cell: str) -> str:
    """A login in one spelling; nothing for keys of tables, pseudonyms, truth values, moments and small numbers."""
    if _MEMBER.fullmatch(cell):
        return "" if _DAY.fullmatch(cell) or len(set(cell)) == 1 else cell
    named = any(c.isalpha() for c in cell) and not _NO_NAME.fullmatch(cell) and not hash_like(cell)
    return cell.casefold() if named and not _PSEUDONYM.fullmatch(cell) else ""


def _login(cell: str) -> str:
    """Where the column says that people log in by what it holds, counted names are logins, and teams' names none."""
    return cell.casefold() if _PSEUDONYM.fullmatch(cell) else "" if _is_crowd(cell) else username(cell)


def _is_crowd(cell: str) -> bool:
    """True for words of which the last is a plural, as teams are nicknamed: ``Tigers``, ``blue devils``."""
    *before, last = cell.casefold().split()
    plural = len(last) > 4 and last.endswith("s") and not last.endswith("ss")
    words = (*before, last.removesuffix("s"))
    return plural and last in common_words() and all(word in common_words() for word in words)


def _known(cell: str) -> bool:
    return bool(username(cell)) and (CHOSEN.fullmatch(cell) is not None or _is_coined(cell))


HUMPED = re.compile(r"[A-Z]?[a-z]+(?:[A-Z][a-z]+)+|[A-Z]{1,4}[a-z]+(?:[A-Z][a-z]*)*|[A-Za-z]+[_\-][A-Za-z0-9_\-]+")
_RUN = re.compile("[a-z]{5,20}")


def _is_coined(cell: str) -> bool:
    """One word that is neither in any dictionary nor a name by itself: ``diasjorge``, ``CloudWarGit``."""
    if HUMPED.fullmatch(cell):
        return True
    return _RUN.fullmatch(cell) is not None and not any(
        cell in known() for known in (common_words, given_names, cities)
    )


def _before_at(address: str) -> str:
    """Of an e-mail address what may be a login: no word, as offices have them (``sales``)."""
    local = address.strip("<>\"'; ").partition("@")[0]
    return "" if local.casefold() in common_words() else local


DETECTOR = Detector(
    entity=Entity(
        name="USERNAME", title="user name", role=Role.DIRECT, level=Level.CONFIDENTIAL, tags=("GDPR", "CCPA")
    ),
    cell_pattern=r"^\S{2,64}$|^\S{1,32}(?: \S{1,32}){1,2}$",
    cell=_login,
    known=_known,
    common=0.2,
    names=words("""
        username user_name usr_name usrname uname login login_name loginname login_id loginid logon logon_name
        user_login userlogin screen_name screenname nickname nick_name nick gamertag gamer_tag user_handle
        sam_account_name samaccountname user_principal_name upn benutzername anmeldename nom_utilisateur
        nom_d_utilisateur pseudo nombre_usuario nombre_de_usuario nome_utente nome_usuario nome_de_usuario
        gebruikersnaam nazwa_uzytkownika kullanici_adi anvandarnamn brukernavn brugernavn логин имя_пользователя
        никнейм 用户名 用戶名 昵称 ユーザー名 ユーザ名 아이디 닉네임 اسم_المستخدم
        sam_account samaccount logon_id loginid_name user_logon nama_pengguna ten_dang_nhap felhasznalonev
        uzivatelske_jmeno nume_utilizator korisnicko_ime ονομα_χρηστη שם_משתמש ชื่อผู้ใช้ 사용자명 사용자_아이디
        계정명 यूजरनेम
        اسم_مستخدم نام_کاربری имя_пользователя_логин логін kullanici kullaniciadi benutzerkennung benutzer_name
        usuario_login login_usuario nombre_de_usuario_login identifiant_connexion gebruikers_naam
        sign_on_name nutzername userkennung nome_utilizador nome_de_utilizador inlognaam bij_naam aanmeldnaam
        inloggnings_namn smeknamn innloggings_navn kallenavn kayttajatunnus kayttajanimi kirjautumisnimi nimimerkki
        notandanafn notendanafn aðgangsheiti nazwa_użytkownika nazwa_uzytkownika identyfikator_uzytkownika
        prihlasovaci_jmeno prezdivka pouzivatelske_meno uzivatelske_meno prihlasovacie_meno prezyvka uporabnisko_ime
        vzdevek nadimak корисничко_име felhasznaloi_nev bejelentkezesi_nev becenev nume_de_utilizator porecla
        потребителско_име ονομα_συνδεσης ψευδωνυμο kullanıcı_adı kullanıcıadı rumuz takma_ad имя_користувача
        ім_я_користувача нікнеим kasutajanimi kasutajatunnus lietotajvards lietotaja_vards segvards vartotojo_vardas
        naudotojo_vardas slapyvardis prisijungimo_vardas ten_đang_nhap ten_nguoi_dung
        登录名 登录账号 用户账号 用户帐号 网名 使用者名稱
        使用者帳號 登入名稱 登入帳號 暱稱 ログインid ログイン名
        ニックネーム アカウント名 ハンドルネーム 사용자_이름 로그인_아이디 ชื่อผู้ใช้งาน ยูสเซอร์เนม
        उपयोगकर्ता_नाम प्रयोक्ता_नाम यूज़रनेम اسم_الدخول اسم_تسجيل_الدخول שם_המשתמש نام_مستعار شناسه_کاربری
        nom_usuari nom_d_usuari 회원아이디 사용자아이디 고객아이디 로그인아이디 유저아이디
        ব্যবহারকারীর_নাম jina_la_mtumiaji istifadeci_adi пайдаланушы_аты foydalanuvchi_nomi
        foydalanuvchi
        github_name github_user github_id github_login github_handle gitlab_name gitlab_user git_user bitbucket_user
        discord_name discord_user telegram_name telegram_user steam_name reddit_user slack_name skype_name
        mattermost keybase irc_nick matrix_id codeforces leetcode hackerrank kaggle
    """),
    hints=words("""
        identifiant
        user usr author committer owner created_by modified_by updated_by posted_by poster commenter reviewer
        assignee reporter userid user_id handle creator uploader submitter contributor maintainer utente usuario
        utilisateur benutzer пользователь 用户
        twitter instagram insta opened_by closed_by assigned_to reported_by uploaded_by submitted_by logged_by
        actor alias uid kennung nutzer benutzerkonto utenza utilizador gebruiker anvandare bruker bruger kayttaja
        notandi użytkownik uzytkownik pseudonim pseudonyme apodo uzivatel pouzivatel uporabnik korisnik корисник
        felhasznalo utilizator потребител псевдоним χρηστης kullanıcı ник користувач kasutaja lietotajs vartotojas
        naudotojas pengguna akun tai_khoan nguoi_dung gumagamit usuari 账号 帐号
        帳號 使用者 ユーザー ユーザid アカウント 利用者id 사용자 계정 별명
        ผู้ใช้ บัญชีผู้ใช้ उपयोगकर्ता المستخدم مستخدم משתמש כינוי کاربر acct_name account_name nazwa_konta nama_akun
        user_account uzivatelsky_ucet korisnicki_racun brugerkonto алиас учетная_запись обліковии_запис
    """),
    not_names=tuple(word for word in FLAGS if word not in ("created", "updated", "changed"))
    + words("""
        agent date time at day attempt failed last device role group segment class category language lang city country
        rating review age sex gender os platform source method ip url host domain email phone plan tier state action
        type_of story model product
    """),
    near=("PASSWORD", "EMAIL_ADDRESS", "IP_ADDRESS", "PERSON", "SOCIAL_HANDLE"),
    repeats="EMAIL_ADDRESS",
    part=_before_at,
)
