"""Telephone numbers: ``+CC …`` (ITU-T E.164), a national way of grouping digits, any digits after ``Tel.``.

Only the patterns of ``phonenumbers`` are used: parsing every number through the library takes forty times as long.
Bare digits are numbers of anything: Unix timestamps, orders, ISBNs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._dialling import issued, plan
from airflow_mlsecops.detectors._hints import FLAGS, words
from airflow_mlsecops.detectors._national import luhn
from airflow_mlsecops.detectors._national_phones import (
    DATE,
    HABIT,
    NO_DIGITS,
    PROOF,
    dialled_abroad,
    grouped,
    international,
    national,
    trunk,
)

_PLUS = re.compile(r"(?<![0-9A-Za-z])(?:\+|00(?=[1-9][0-9]{0,2}[ \-.(]))[0-9 ().\-/]{7,40}")
# Joined to further digits by a point or hyphen it is part of something longer: a decimal, an order number, a UUID.
_AMERICAN = re.compile(
    r"(?<![0-9+])(?<![0-9][.\-])(?:1[ .\-])?"
    r"(?:\(([2-9][0-9]{2})\)[ .\-]{0,2}|([2-9][0-9]{2})[ .\-])([2-9][0-9]{2})[ .\-]([0-9]{4})(?![0-9]|[.\-][0-9])"
)
_GROUPED = re.compile(r"(?<![0-9A-Za-z+])(?<![0-9][.\-/])\(?[0-9]{1,5}\)?(?:[ ./\-]?\(?[0-9]{2,8}\)?){1,5}")

_PHONE = (
    r"(?:(?:home|work|office|cell|mobile|contact|business|day|evening)[ _]?)?"
    r"(?:tele?(?:ph|f)on(?:e|o|u|nummer)?|phone|mobile|mobil|t[eé]l|fax|cell ?phone|handy|whats ?app|landline|gsm"
    r"|celular|m[oó]vil|telefax|hotline)s?"
    r"(?:[ _]?(?:numbers?|no|nr|num))?[\"'.:=#°º ]{0,4}[ \n]{0,2}[\"']?"
)
_BEFORE = (
    rf"(?:(?:^|[^A-Za-z])(?:{_PHONE}|(?:desk|office|cell|home|work) ?: ?"
    r"|(?:call|text|dial|ring|reach|phone|answering|contact|messages?|sms)(?: (?:me|us|him|her|them))?"
    r"(?: back)? (?:at|on|to)(?: this number)?:? )"
    r"|(?:тел(?:ефон)?|моб|факс)\.? ?:? ?|(?:电话|電話|手机|携帯|전화)(?:番号|号码)? ?:? ?)"
)
_AFTER = r"[ \-](?:office|fax|mobile|cell|tel|phone)(?:$|[\n\r\\,;)|])"
_DIGITS = r"\+?\(?[0-9](?:[ .\-/()]{0,3}[0-9]){6,18}"
_TOLD = re.compile(rf"{_BEFORE}({_DIGITS})|(?<![0-9A-Za-z])({_DIGITS}){_AFTER}", re.IGNORECASE | re.ASCII)

_QUAD = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}")
_DECIMAL = re.compile(r"[0-9]+\.[0-9]+")
_ROUND = re.compile(r"[1-9][0-9]{0,2}(?:[ .][0-9]{3})*[ .]000")
_EXTENSION = re.compile(r"\s{0,2}(?:ext?n?\.?|x|#|durchwahl|ramal|poste)\s{0,2}[0-9]{1,6}$", re.IGNORECASE)
_SEVERAL = re.compile(r"[,;|\n]| / | or ", re.IGNORECASE)
# Two whole numbers, as lists of Indonesia and Lebanon have them; elsewhere a slash parts the groups of one.
_LISTED = re.compile("[0-9]{7,13}(?:/[0-9]{7,13})+")
_MASKED = re.compile(r"[xX*•]{2}[^0-9]*[0-9]{2,4}$|^[0-9+(][^xX*•]*[xX*•]{3}")
_LABEL = re.compile(r"^[A-Za-zé]{1,9}[.: ]{1,3}")


# One number over two lines, of which the first is no number by itself.
_BROKEN = re.compile(r"^[^0-9\n]{0,12}[0-9]{1,5}[^0-9\n]{0,3}\n")
# With one full stop it is a decimal, unless as telephones are written; or a number that was a float.
_POINTED = re.compile(r"[0-9]{3}\.[0-9]{4}|0[0-9]{2,4}\.[0-9]{5,8}|[0-9]{7,15}\.0")


def _numbers(run: str) -> Iterator[Span]:
    end = 0
    for start, stop, value in sorted({*_proven(run)}, key=lambda span: (span[0], -span[1])):
        if start >= end:
            yield start, stop, value
            end = stop


def _proven(run: str) -> Iterator[Span]:
    for match in _PLUS.finditer(run):
        length, found = international(match[0])
        if found:
            yield match.start(), match.start() + length, found
    for match in _AMERICAN.finditer(run):
        american = (match[1] or match[2]) + match[3] + match[4]
        if plan("1").fullmatch(american):
            yield *match.span(), american
    for match in _GROUPED.finditer(run):
        found = grouped(match[0], PROOF)
        if found and not run[match.end() : match.end() + 1].isalnum():
            yield *match.span(), found
    for match in _TOLD.finditer(run):
        told = match[1] or match[2]
        if value := _told(told):
            start = match.start(1 if match[1] else 2)
            yield start, start + len(told), value


def _told(text: str) -> str:
    """Any number that somebody calls a telephone's, unless it is a date or address or a number of people."""
    digits = NO_DIGITS.sub("", text)
    other = DATE.fullmatch(text) or _QUAD.fullmatch(text) or _DECIMAL.fullmatch(text) or _ROUND.fullmatch(text)
    return "" if other else _significant(text, digits)


def _significant(text: str, digits: str) -> str:
    if not (7 <= len(digits) <= 15 and len(set(digits)) > 2):
        return ""
    return (national(digits) if text.startswith(("+", "00")) else "") or digits.lstrip("0")[-10:]


def _cell(cell: str) -> str:
    """Any 7 to 15 digits, however they are written, or what is left of a number that was masked."""
    if cell.isdigit():
        return "" if DATE.fullmatch(cell) else _significant(cell, cell)
    if _LISTED.fullmatch(cell):
        return _cell(cell.partition("/")[0])
    line = cell if _BROKEN.search(cell) is None else cell.replace("\n", " ", 1)
    first = _LABEL.sub("", _EXTENSION.sub("", _SEVERAL.split(line, maxsplit=1)[0].strip()))
    if DATE.fullmatch(first) or _QUAD.fullmatch(first) or (_DECIMAL.fullmatch(first) and not _POINTED.fullmatch(first)):
        return ""
    digits = NO_DIGITS.sub("", re.sub(r"\.0$", "", first))
    return _significant(first, digits) or ("masked" if _MASKED.search(first) else "")


def _known(cell: str) -> bool:
    if _LISTED.fullmatch(cell):
        return any(map(_known, cell.split("/")))
    several = [part.strip() for part in _SEVERAL.split(cell)]
    if len(several) > 1:
        return all(map(_known, several))
    text = cell if cell[-5:].isdigit() else _EXTENSION.sub("", cell)
    if text.startswith("+"):
        return bool(international(text)[1])
    american = _AMERICAN.fullmatch(text)
    if american and plan("1").fullmatch((american[1] or american[2]) + american[3] + american[4]):
        return True
    if text.isdigit():
        return trunk(text) or dialled_abroad(text)
    return (
        bool(grouped(text, HABIT))
        or _is_parted_otherwise(text)
        or _CODED.fullmatch(text) is not None
        or _is_mobile(text)
    )


# With its zero, and points or hyphens where the country has spaces: 021.204.29.07.
_PARTED = re.compile(r"0[1-9][0-9]{0,4}(?:[.\-/][0-9]{2,5}){2,4}")


def _is_parted_otherwise(text: str) -> bool:
    other = _PARTED.fullmatch(text) is None or DATE.fullmatch(text) or _QUAD.fullmatch(text)
    return not other and bool(grouped(re.sub("[.\\-/]", " ", text), HABIT))


def _is_mobile(text: str) -> bool:
    """A mobile of Poland, Czechia, Portugal or Spain; elsewhere companies have nine digits with a check."""
    return _THREES.fullmatch(text) is not None and not luhn(NO_DIGITS.sub("", text))


# Amounts in thousands begin with any digit.
_THREES = re.compile(r"(?:5[0137]|6[0-9]|7[0-9]|88|9[1236])[0-9]([ \-])[0-9]{3}\1[0-9]{3}")
# A calling code before ten digits, without the plus.
_CODED = re.compile(r"[1-9][0-9]?-[0-9]{3}-[0-9]{3}-[0-9]{4}|[1-9][0-9]{0,2}\([1-9][0-9]{2}\)[0-9]{3}-[0-9]{4}")


_GAP = r"(?:^|[^0-9A-Za-z.\-/+])"
_WIDEST = "|".join(
    (
        r"(?:^|[^0-9A-Za-z])\+[0-9 (](?:[ ().\-/]{0,3}[0-9]){6,24}",
        # Two characters before and after show what a number is part of.
        r"[0-9+.]{0,2}[ .\-(]{0,2}[2-9][0-9]{2}[) .\-]{1,3}[2-9][0-9]{2}[ .\-][0-9]{4}[0-9.\-]{0,2}",
        rf"{_GAP}00[1-9][0-9]{{0,2}}[ .\-(]{{1,2}}[0-9](?:[ ().\-/]{{0,3}}[0-9]){{5,20}}",
        rf"{_GAP}(?:"
        r"0[1-9](?:[ .\-][0-9]{2}){4}|0[0-9]{1,3}[ \-][0-9]{2,3} [0-9]{2,3} [0-9]{2}"
        r"|0[0-9]{1,4}[ \-][0-9]{2,4}[ \-][0-9]{3,4}|0[0-9]{4} [0-9]{6}|0[167][0-9]{0,3}[ /\-][0-9]{6,8}"
        r"|\(0?[1-9][0-9]{1,3}\)(?:[ \-]?[0-9]){5,12}"
        r"|[08][ \-]?\(?[0-9]{3}\)?[ \-]?[0-9]{3}[ \-][0-9]{2}[ \-][0-9]{2}|[1-9][0-9] 9[0-9]{4}-[0-9]{4}"
        r")[0-9.\-/ ]{0,4}",
        rf"(?i:{_BEFORE}){_DIGITS}",
        rf"(?:^|[^0-9A-Za-z]){_DIGITS}(?i:{_AFTER})",
    )
)

# "What is your …?" is a header too.

DETECTOR = Detector(
    entity=Entity(
        name="PHONE_NUMBER",
        title="telephone number",
        role=Role.DIRECT,
        level=Level.CONFIDENTIAL,
        tags=("GDPR", "HIPAA", "CCPA"),
    ),
    pattern=_WIDEST,
    find=_numbers,
    bulk=issued,
    checked=True,
    # Spreadsheets show long numbers as 8.80167E+12.
    cell_pattern=r"^[1-9]\.[0-9]{3,11}[eE]\+(?:0?9|1[0-4])$"
    r"|^(?:[A-Za-zé]{1,9}[.: ]{1,3})?[ +(]*[0-9xX*•][0-9xX*• \n()./\-+‐–]{5,24}"
    r" *(?:(?i:extn?\.?|ext?\.?|x|#|durchwahl|ramal|poste) *[0-9]{1,6})?(?:[,;|/\n].{0,80}| or .{0,40})?$",
    cell=_cell,
    known=_known,
    common=0.004,
    names=words("""
        phone telephone tel telno telnum mobile cell cellphone cellular fax landline msisdn whatsapp
        sms_number gsm phon
        phone_number phone_no phone_num tel_no tel_num ph_no ph_num ph_number mobile_number
        mobile_no mob_no mob_num mobno
        mobile_phone contact_number contact_no contact_num home_phone work_phone office_phone evening_phone
        business_phone emergency_phone customer_phone caller_number called_number calling_number callerid
        hand_phone hotline phone_home phone_work phone_mobile telefax fax_number fax_no ddi direct_dial
        telefon telefonnummer telefonnr telefon_nr tel_nr fon handy handynummer handynr mobilnummer mobil mobiltelefon
        rufnummer festnetz durchwahl faxnummer fax_nr
        telefono telefonos celular movil numero_telefono numero_de_telefono num_telefono
        nro_telefono tfno tlf tlfn fono
        telephone_portable numero_telephone numero_de_telephone portable num_tel no_tel
        cellulare numero_cellulare recapito_telefonico telefone telefones telemovel fone numero_celular
        telefoon telefoonnummer mobiel mobielnummer gsm_nummer
        telefonu numer_telefonu nr_telefonu komorka telefon_komorkowy telefon_no cep_telefonu cep_tel ceptel gsm_no
        telefonnumret mobilnr tlf_nr telefonnum tlfnr puhelin puhelinnumero matkapuhelin
        телефон номер_телефона тел мобильныи моб_тел сотовыи факс тел_номер
        电话 电话号码 客户电话 用户电话 患者电话
        手机 手机号 手机号码 联系电话 移动电话 固定电话 传真 電話 手機 電話號碼 聯絡電話
        電話番号 携帯 携帯電話 携帯番号 携帯電話番号 ファックス 전화 전화번호 휴대폰 연락처 휴대전화
        هاتف الهاتف جوال الجوال رقم_الهاتف رقم_الجوال موبايل فون मोबाइल फोन दूरभाष फ़ोन टेलीफोन
        telp no_telp nomor_telepon telepon no_hp nomor_hp hp_number handphone no_handphone nomor_handphone ponsel
        so_dien_thoai sdt so_dt dien_thoai telefonszam telefonszama mobilszam telefonni_cislo tel_cislo
        mobilni_telefon telefonne_cislo numar_telefon nr_telefon numar_de_telefon broj_telefona mobitel τηλεφωνο
        κινητο αριθμος_τηλεφωνου телефоны контактный_телефон мобильный_телефон номер_тел номер_моб_телефона
        рабочий_телефон домашний_телефон телефонный_номер رقم_الموبايل رقم_التليفون رقم_الاتصال תלפון טלפון נייד
        מספר_טלפון เบอร์โทร เบอร์โทรศัพท์ โทรศัพท์ เบอร์มือถือ 휴대폰번호 핸드폰 핸드폰번호 연락처번호 फोन_नंबर
        मोबाइल_नंबर تلفن
        موبایل شماره_تلفن شماره_موبایل telefonnumer telephon telefoonnr tel_nummer mobiel_nummer celular_cliente
        telefono_fijo telefono_movil telefono_contacto tel_movil tel_fijo telefone_celular telefone_fixo
        telefone_residencial contato telefone_contato num_telefone numero_telefone numero_di_telefono tel_portable
        tel_fixe tel_mobile tel_domicile telefoon_nummer telf telef ceptelefonu cep_no gsmno evtel istel phonenum
        phone_nbr phone_nr tel_home tel_work tel_mobil phone1 cellno cell_no cell_number mobileno mobilenum
        ph ph_home ph_work ph_mobile telefonon
        mob home_number work_number office_number office_no subscriber_no subscriber_number whats_app daytime_phone
        dialed_number dialled_number alt_contact telecopie contacto_telefonico num_de_contacto vaste_lijn 06_nummer
        selfoon selnommer selfoonnommer kontaknommer foonnommer telefoonnommer hem_telefon hjemme_telefon fastnet puh
        hoved_nr hovednr hovednummer
        kannykka koti_puhelin tyo_puhelin simi simanumer farsimi farsimanumer heima_simi vinnu_simi numer_kontaktowy
        nr_komorki cislo_mobilu pevna_linka mobilne_cislo mobilni_cislo telefonska_stevilka mobilna_stevilka mobilni
        telefonski_broj broj_mobitela broj_mobilnog мобилни број_телефона vezetekes телефонен мобилен τηλ σταθερο φαξ
        моб номер_телефону мобільнии telefoninumber mobiil mobiiltelefon mobiilinumber lauatelefon
        talrunis talruna talr mobilais kontakt_talrunis telefona_numurs telefonas mobilusis kontaktinis_telefonas
        no_wa nohp notelp nomor_kontak nomor_wa nomor_whatsapp đien_thoai so_đien_thoai sđt so_đt di_đong so_di_đong
        kontak hp_ortu iletisim_no elerhetoseg 宅电 비상연락망 الموبايل मोबाईल मोबाईल_नंबर ফোন মোবাইল মোবাইল_নম্বর
        ফোন_নম্বর தொலைபேசி கைபேசி கைபேசி_எண் அலைபேசி ఫోన్ మొబైల్ ఫోన్_నంబర్ మొబైల్_నంబర్ ದೂರವಾಣಿ ಮೊಬೈಲ್ ഫോൺ മൊബൈൽ
        ફોન મોબાઇલ મોબાઈલ ਫ਼ੋਨ ਮੋਬਾਈਲ දුරකථන موبائل موبائل_نمبر simu namba_ya_simu nambari_ya_simu ስልክ ስልክ_ቁጥር
        ტელეფონი ტელეფონის_ნომერი მობილური հեռախոս հեռախոսահամար утас утасны_дугаар numri_i_telefonit telefoni
        celulari ទូរស័ព្ទ លេខទូរស័ព្ទ ເບີໂທ ໂທລະສັບ ဖုန်း ဖုန်းနံပါတ် telefonoa
        di_dong so_di_dong telepono numero_ng_telepono selpon 座机 座機 联系方式
        聯絡方式 固话 市話 連絡先 緊急連絡先 집전화 자택전화 이동전화 휴대전화번호
        비상연락처 팩스 유선전화 มือถือ หมายเลขโทรศัพท์ โทร เบอร์ติดต่อ โทรศัพท์มือถือ เบอร์ संपर्क_नंबर संपर्क_सूत्र المحمول
        رقم_المحمول تليفون رقم_التواصل النقال فاكس פלאפון טל סלולרי همراه شماره_تماس شماره_همراه
    """),
    hints=words("""
        contact contacts number no num nr numero nummer call caller called dial reach recipient kontakt contacto
        cep tfn cel fixe ani dnis helpline
    """),
    not_names=FLAGS
    + words("""
        model brand os make manufacturer imei imsi plan plans call_count calls
        minutes usage price cost at
        on date time year month day updated created size screen users visits sales traffic sessions
        views revenue
        code codes area extension ext internet card tower
        battery mobile_app mobil_app phone_app app_phone app_mobile version device devices
        operating deposit bill
        bills charge charges payment money banking network carrier line lines cycle culture
        volume id ids count_id
        name label stem fuel solar wall viability density phone_os platform browser url os_version
        subscribers penetration
              invoice ssn isbn sku credit debit passport
        smartphone automobile
    """),
    near=("PERSON", "EMAIL_ADDRESS", "STREET_ADDRESS"),
)
