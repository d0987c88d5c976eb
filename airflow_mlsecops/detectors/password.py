"""Passwords, or their hashes, in columns named so.

A column called ``password`` may as well count password resets: small numbers, truth values, dates and grades are none.
"""

from __future__ import annotations

import re

from airflow_mlsecops.core.detector import Detector
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_NOT_ONE = re.compile(
    r"[0-9]{1,5}|[0-9]*\.[0-9]+(?:e-?[0-9]+)?|true|false|yes|no|none|null|nan|n/?a|unknown|[*•x.\-]+|\[?redacted\]?"
    r"|\[?masked\]?|[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ].*)?"
    r"|(?:very )?(?:weak|medium|strong|good|fair)|expired|active|reset"
    r"|changed|hidden|required|optional|not set|unset|success|failed|failure|accepted|rejected|publickey",
    re.IGNORECASE,
)


def _password(cell: str) -> str:
    return cell if _NOT_ONE.fullmatch(cell) is None and len(set(cell)) > 1 and len(cell) <= 256 else ""


# As generators make them: both cases, digits and punctuation in no order, unlike Word#12, names, codes and base 64.
_KINDS = re.compile("[a-z]+|[A-Z]+|[0-9]+|[^a-zA-Z0-9]+")
_MADE = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])(?=.*[!@#$%^&*()+?~])\S{8,20}")


DETECTOR = Detector(
    entity=Entity(
        name="PASSWORD", title="password", role=Role.SECRET, level=Level.RESTRICTED, tags=("GDPR", "PCI-DSS")
    ),
    # A passphrase may have spaces, a sentence about one has more.
    cell_pattern=r"^\S{3}\S*$|^\S+(?: \S+){1,7}$",
    cell=_password,
    known=lambda cell: _MADE.fullmatch(cell) is not None and len(_KINDS.findall(cell)) >= 5,
    common=0.005,
    names=words("""
        password passwd pwd passphrase passcode pass_word pass_phrase userpass user_pass login_pass passwrd psswd
        passwort kennwort contrasena contrasenia mot_de_passe motdepasse mdp senha palavra_passe parola wachtwoord
        haslo sifre losenord adgangskode passord salasana heslo пароль 密码 密碼 口令 パスワード 暗証番号
        비밀번호 पासवर्ड كلمة_المرور
        snmp_community community_string kata_sandi sandi mat_khau jelszo parola_utilizator lozinka geslo
        κωδικος_προσβασης συνθηματικο סיסמה รหัสผ่าน 패스워드 كلمة_السر رمز_عبور  contrasena_usuario
        clave_acceso clave_usuario
        passw mot_passe
        pswd zugangs_passwort benutzer_passwort losungs_wort paswoord wagwoord kodeord tunnus_sana lykilorð
        aðgangsorð hasło zaporka лозинка парола parool salasona slaptazodis kata_laluan mật_khẩu matkhau kontrasenyas
        通行碼 合言葉 パスフレーズ 암호 비번 พาสเวิร์ด कूटशब्द
        পাসওয়ার্ড nenosiri პაროლი գաղտնաբառ құпиясөз құпия_сөз нууц_үг fjalekalimi fjalëkalimi pasahitza
        parol
        psw usr_pass usrpass user_pw userpw login_pw admin_pass admin_pw root_pass root_pw db_pass smtp_pass ftp_pass
        mail_pass ssh_pass sudo_pass vpn_pass wifi_pass wlan_pass psk wpa_psk wpa_key wlan_key wifi_key pre_shared_key
        preshared_key wlan_schlussel netzwerkschlussel clave_wifi
        סיסמא گذرواژه کلمه_عبور پسورد contrasenya clau_d_acces clave_de_acceso
    """),
    hints=words(
        "pass passkey secret_word code_secret clave palabra_clave toegangscode sifra parole κωδικος الرقم_السري"
    ),
    not_names=FLAGS
    + words("""
        change reset policy strength entropy id at date time failed failure fail age day name hint last salt
        protected complexity algorithm word_freq question answer login_success
    """),
    near=("USERNAME", "EMAIL_ADDRESS"),
)
