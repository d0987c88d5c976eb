"""E-mail addresses, in ASCII or not: ``local@domain.tld`` after RFC 5321 and RFC 6531.

Not e-mail addresses though they look alike: ``logo@2x.png``, ``lodash@4.17.21``, ``git@github.com``, ``@handle``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_LOCAL = r"""[^\s"(),:;<>@\[\]\\]+"""
_LABEL = "[0-9A-Za-z\u00a1-\U0010ffff-]+"
# The run may go on past the address (example.com-2, example.com谢谢): its end is found here.
_DOMAIN = re.compile(r"((?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+)(xn--[a-z0-9-]+|[a-z]{2,24}|[^\W\d_]{2,24})", re.IGNORECASE)
_PASSWORD = re.compile(r"://[^/]*")
_VERSION = re.compile(r"\d+\.\d+\.")
_FILES = frozenset(words("png jpg jpeg gif svg webp bmp ico css scss js jsx ts tsx json html htm xml pdf txt csv"))
_SHARED_LOGINS = frozenset({"git", "hg", "svn"})


def _addresses(run: str) -> Iterator[Span]:
    local, at, rest = run.rpartition("@")
    # Also profiles: https://tiktok.com/@shop.example
    password = _PASSWORD.fullmatch(local) or local.endswith("/")
    match = _DOMAIN.match(rest)
    if not at or password or match is None or match[2].lower() in _FILES or _VERSION.match(rest):
        return
    # What stands before = / ' is the text around it, though RFC 5321 would allow these characters.
    name = re.split(r"[=/'?&|{}:]", local)[-1].strip(".") or local
    if name.lower() not in _SHARED_LOGINS and any(map(str.isalnum, name)):
        start = local.rindex(name)
        yield start, len(local) + 1 + match.end(), f"{name}@{match[0]}".casefold()


def _address(cell: str) -> str:
    """Anything around an at sign: of a host without a domain, masked, mistyped; or its hash or mask without one."""
    local, at, domain = cell.strip("<>\"'; ").rpartition("@")
    return f"{local}@{domain}".casefold() if at and local and domain else ""


DETECTOR = Detector(
    entity=Entity(
        name="EMAIL_ADDRESS",
        title="e-mail address",
        role=Role.DIRECT,
        level=Level.CONFIDENTIAL,
        tags=("GDPR", "HIPAA", "CCPA"),
    ),
    # With what goes before a password in an address, so that it can be told from a name.
    pattern=rf"(?:://[^\s/:@]{{0,64}}:)?{_LOCAL}@{_LABEL}(?:\.{_LABEL})+",
    find=_addresses,
    sure=r"^[0-9a-z][0-9a-z._+\-]{3,64}@[a-z][0-9a-z\-]*[0-9a-z](?:\.[a-z][0-9a-z\-]{0,30}[0-9a-z]){0,3}"
    r"\.(?:com|org|net|edu|gov|info|biz|int|mil|name|dev|app|tech|online|site|cloud|xyz|me|tv|ai|eu|io|co"
    r"|uk|de|fr|es|it|nl|pl|br|in|jp|cn|ru|ch|at|be|se|no|dk|fi|pt|ca|au|us|eu)$",
    cell_pattern=r"^[^@]{1,80}@[^@\s]{1,255}$",
    cell=_address,
    names=words("""
        email e_mail mail email_address emailaddress email_addr emailaddr mail_address email_id emailid mail_id mailid
        user_email contact_email work_email home_email personal_email emel mailadresse e_post epost epostadresse
        courriel adresse_mail adresse_electronique correo correo_electronico direccion_correo posta_elettronica
        indirizzo_email correio correio_eletronico endereco_email eposta e_posta e_posta_adresi adres_email
        emailadres mailadres sahkoposti sahkopostiosoite emailcim poczta почта эл_почта электронная_почта емаил пошта
        邮箱 电子邮箱 邮件 电子邮件 電子郵件 メール メールアドレス 이메일 전자우편 البريد_الالكتروني البريد_الإلكتروني
        ايميل بريد_إلكتروني ईमेल ई_मेल อีเมล דואל אימייל thu_dien_tu surel emailul
        eml emaladdr
        mel pec endereco_eletronico e_posadres e_pos epos e_postadress mejl mejladress sposti s_posti netfang
        tolvupostur tolvupostfang adres_poczty emailova_adresa mailova_adresa e_mailova_adresa elektronicka_adresa
        e_posta e_postni elektronska_posta elektronski_naslov e_naslov elektronicka_posta имеил имејл
        електронска_пошта е_поща електронна_поща elektronikus_levelcim posta_electronica ηλεκτρονικο_ταχυδρομειο
        ηλ_ταχυδρομειο ηλεκτρονικη_διευθυνση электроннои_почты меил электронныи_адрес эл_адрес імеил
        електронноі_пошти електронна_адреса e_posti meil meiliaadress e_pasts e_pasta epasts el_pastas el_pasto
        elektroninis_pastas pos_el e_mel thư_điện_tử thu_đien_tu hop_thu
        sulatroniko 电邮 電郵 電子信箱 信箱 郵箱 メアド
        eメール eメールアドレス 이메일주소 메일 메일주소 อีเมล์ الإيميل
        إيميل الايميل דואר_אלקטרוני מייל דוא״ל ایمیل پست_الکترونیک
        پست_الکترونیکی رایانامه correu correu_electronic adreca_electronica adresa_e_poste
    """),
    not_names=FLAGS
    + words("""
        subject body content text sent domain template campaign server host port opens open clicks click marketing
        notification notifications preference preferences newsletter client_name provider time date delivery
    """),
    near=("PERSON", "PHONE_NUMBER", "STREET_ADDRESS"),
)
