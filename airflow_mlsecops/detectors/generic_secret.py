"""Secrets of any issuer, by the name before them (``API_KEY=…``, ``"client_secret": "…"``) or above them.

detect-secrets' KeywordDetector and gitleaks' generic-api-key ask the same; most of what they find are variables,
templates and prose. Here a key must be random, and a password hold letters and digits: ``password: required`` is prose,
``secret = get_secret(name)`` code. Digests and UUIDs after ``token`` alone are ids of something.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words
from airflow_mlsecops.detectors._secrets import ASSIGNED, entropy, hash_like, mixed, random, stand_in, uuid_like

_KEYS = (
    r"api[_\- ]?(?:key|token|secret)|access[_\-]?key"
    r"|(?:access|auth|bearer|refresh|oauth|bot|deploy|private|session)[_\-]?token"
    r"|(?:client|app|consumer|shared|webhook|signing|jwt|oauth|token|cookie|hmac|master)[_\-]?secret"
    r"|secret[_\-]?(?:key|token|access[_\-]?key)(?:[_\-]?base)?|(?:encryption|signing|master|private|account|service)[_\-]?key"
)
_UPPER = r"[A-Z]_(?:TOKEN|SECRET|APIKEY)"
_PASSWORDS = (
    r"passw(?:or)?d|pwd|passphrase|passwort|kennwort|contrase(?:ñ|n)a|mot de passe|wachtwoord|пароль|密码|パスワード"
)
_VALUE = r"[^\s\"'`<>,;&|\\]"
_BARE = r"[^\s\"'`<>,;&|\\()\[\]{}]"
_KEY = re.compile(rf"(?:(?i:{_KEYS})|{_UPPER}){ASSIGNED}({_BARE}{{12,}})")
_PASSWORD = re.compile(rf"(?i:{_PASSWORDS})({ASSIGNED})({_BARE}{{6,}})")
_URI = re.compile(r"otpauth://[^\s\"'<>]*[?&]secret=([A-Z2-7a-z]{16,})")
_LETTER_AND_DIGIT = re.compile(r"(?=.*[^\W\d_])(?=.*\d).*")
# os.environ["X1"], config.key2, getSecret(1), /etc/key1, https://…, ${X1}, sha256: code and pointers, not values.
_CODE = re.compile(
    r".*[()\[\]{}].*|.*://.*|[./~@$%].*|[A-Za-z_]\w*(?:(?:\.|::|->)[A-Za-z_]\w*)+|[a-z]+[_-]?[a-z]*\d?|sha\d+|md5|base64|utf-?\d+"
)


def _secrets(run: str) -> Iterator[Span]:
    for match in _URI.finditer(run):
        yield *match.span(1), match[1]
    for match in _KEY.finditer(run):
        if not _goes_on(run, match) and _is_key(match[1]):
            yield *match.span(1), match[1]
    for match in _PASSWORD.finditer(run):
        if not _goes_on(run, match) and _is_password(match[2]):
            yield *match.span(2), match[2]


def _goes_on(run: str, match: re.Match[str]) -> bool:
    """True if a bracket opens after the value, which makes it the name of a function or a list."""
    return run[match.end() : match.end() + 1] in ("(", "[", "{")


def _is_key(value: str) -> bool:
    return (
        random(value)
        and _LETTER_AND_DIGIT.match(value) is not None
        and not _CODE.fullmatch(value)
        and entropy(value) >= 3
    )


def _is_password(value: str) -> bool:
    bare = value.rstrip(".!?:)")
    return (
        len(bare) >= 6
        and _LETTER_AND_DIGIT.match(bare) is not None
        and not stand_in(bare)
        and not _CODE.fullmatch(bare)
        and len(set(bare)) >= 4
    )


def _looks_random(cell: str) -> str:
    return cell if random(cell) and _LETTER_AND_DIGIT.match(cell) and entropy(cell) >= 2.8 else ""


def _known(cell: str) -> bool:
    return len(cell) >= 20 and mixed(cell) and entropy(cell) >= 3.5 and not hash_like(cell) and not uuid_like(cell)


DETECTOR = Detector(
    entity=Entity(name="GENERIC_SECRET", title="secret", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=rf"(?:(?i:{_KEYS})|{_UPPER}){ASSIGNED}{_VALUE}{{6}}{_VALUE}*"
    rf"|(?i:{_PASSWORDS}){ASSIGNED}{_VALUE}{{6}}{_VALUE}*"
    r"|otpauth://[^\s\"'<>]*[?&]secret=[A-Z2-7a-z]{6}[A-Z2-7a-z]*",
    find=_secrets,
    cell_pattern=r"^[0-9A-Za-z+/=_.~:|!#$%^&*@\-]{8}[0-9A-Za-z+/=_.~:|!#$%^&*@\-]*$",
    cell=_looks_random,
    known=_known,
    common=0.02,
    names=words("""
        api_key apikey api_token apitoken api_secret secret_key secretkey secret_token client_secret clientsecret
        app_secret app_key consumer_secret consumer_key access_token accesstoken auth_token authtoken auth_key authkey
        refresh_token refreshtoken bearer_token oauth_token  session_token encryption_key signing_key
        signing_secret webhook_secret shared_secret master_key access_key accesskey otp_secret totp_secret mfa_secret
        two_factor_secret twofa_secret recovery_code backup_code reset_token reset_password_token confirmation_token
        remember_token remember_me_token verification_token activation_key activation_token invite_token device_token
        push_token fcm_token apns_token secret_access_key credential licence_key license_key api_schlussel clave_api
        cle_api chave_api token_acceso jeton token_de_acesso secret_value
        secret private_key priv_key privkey salt verif_key verification_key verify_token registration_token
        registrationtoken confirm_token
    """),
    hints=words("token auth jwt"),
    not_names=FLAGS
    + words("""
        name id address contract public primary foreign sort partition public_key next page continuation csrf xsrf
        symbol used in word usage cost price input output prompt completion
    """),
)
