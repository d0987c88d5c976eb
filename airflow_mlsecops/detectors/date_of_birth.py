"""Dates of birth: a date in a column named so, or after words such as ``born on`` in any text.

A date alone is a quasi-identifier: with postcode and sex it names most people (Sweeney, 2000). No value tells a date of
birth from one of hire or order, so the column's name has to; or, where no name says anything, persons beside it do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._calendars import gregorian
from airflow_mlsecops.detectors._hints import FLAGS, words

# Registers of families and of parliaments go back so far; a column of dates that is not named so must be younger.
_YEARS = range(1700, 2051)
_MONTHS = {
    word: month
    for month, names in enumerate(
        (
            "jan january januar janvier janv enero ene gennaio gen janeiro januari stycznia styczen sty ocak ledna",
            "feb february februar fevrier fevr fev febrero febbraio fevereiro februari lutego luty lut subat unora",
            "mar march marz maerz mars marzo marco maart marca marzec mrt mrz mart brezna",
            "apr april avril avr abril abr aprile kwietnia kwiecien kwi nisan dubna",
            "may mai mayo maggio mag maio mei maja maj mayis kvetna",
            "jun june juni juin junio giugno giu junho czerwca czerwiec cze haziran cervna",
            "jul july juli juillet juil julio luglio lug julho lipca lipiec lip temmuz cervence",
            "aug august aout agosto ago augustus augusti sierpnia sierpien sie agustos srpna",
            "sep sept september septembre septiembre settembre set setembro wrzesnia wrzesien wrz eylul zari",
            "oct october oktober octobre octubre ottobre ott outubro out okt pazdziernika pazdziernik paz ekim rijna",
            "nov november novembre noviembre novembro listopada listopad lis kasim",
            "dec december dezember dez decembre diciembre dic dicembre dezembro desember grudnia grudzien gru aralik",
        ),
        start=1,
    )
    for word in words(names)
} | {
    word: month
    for month, word in enumerate(
        words("января февраля марта апреля мая июня июля августа сентября октября ноября декабря"), start=1
    )
}
_NUMERIC = re.compile(r"(?<![0-9])([0-9]{1,4})([-/. ]) ?([0-9]{1,2})\2 ?([0-9]{1,4})(?![0-9])")
_COMPACT = re.compile(r"(?<![0-9])([0-9]{4})([0-9]{2})([0-9]{2})(?![0-9])")
_DAY_MONTH = re.compile(
    r"(?<![0-9])([0-9]{1,2})(?:st|nd|rd|th|er|º|\.)?[ .\-/]{1,2}(?:of |de |d')?([^\W\d_]{3,12})[ .,\-/]{1,2}"
    r"(?:de |del )?([0-9]{4}|[0-9]{2})(?![0-9])"
)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,12})[ .\-]{1,2}([0-9]{1,2})(?:st|nd|rd|th)?[ ,.\-]{1,2}([0-9]{4})(?![0-9])")
_EASTERN = re.compile(r"([0-9]{4}) ?[年년] ?([0-9]{1,2}) ?[月월] ?([0-9]{1,2}) ?[日일]?")
_YEAR = re.compile(r"[0-9]{4}")


def _dates(run: str) -> Iterator[Span]:
    for match in _NUMERIC.finditer(run):
        yield from _span(match, _numeric(*match.group(1, 3, 4)))
    for match in _COMPACT.finditer(run):
        yield from _span(match, _date(match[1], match[2], match[3]))
    for match in _DAY_MONTH.finditer(run):
        yield from _span(match, _date(match[3], _month(match[2]), match[1]))
    for match in _MONTH_DAY.finditer(run):
        yield from _span(match, _date(match[3], _month(match[1]), match[2]))
    for match in _EASTERN.finditer(run):
        yield from _span(match, _date(match[1], match[2], match[3]))


def _span(match: re.Match[str], value: str) -> Iterator[Span]:
    if value:
        yield *match.span(), value


def _month(word: str) -> int:
    letters = (letter for letter in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(letter))
    plain = "".join(letters).replace("ı", "i").replace("ł", "l")
    return _MONTHS.get(word.casefold()) or _MONTHS.get(plain, 0)


def _numeric(first: str, middle: str, last: str) -> str:
    """Year first, or last with day and month in either order; which of the two does not matter here."""
    if len(first) == 4:
        return _date(first, middle, last)
    return (_date(last, middle, first) or _date(last, first, middle)) if len(last) in (2, 4) else ""


def _date(year: str, month: str | int, day: str) -> str:
    full = int(year) if len(year) == 4 else 1900 + int(year)
    try:
        known = date(full, int(month), int(day))
    except ValueError:
        return ""
    return known.isoformat() if full in _YEARS else ""


_SECONDS = range(-2_840_000_000, 2_555_000_000)
_SPREADSHEET = range(1_000, 55_000)
_DIGITS = re.compile(r"(-?[0-9]{4,13})(?:\.0)?")
_PARTLY = re.compile(r"(?:[xX*]{2}[-/.]){2}([0-9]{4})|([0-9]{4})[-/](?:0?[1-9]|1[0-2]|[xX*]{2})(?:[-/][xX*]{2})?")


# 1904 has a 29 February.
_DAYS = (
    re.compile(r"(?:--)?([0-9]{1,2})[-/. ]([0-9]{1,2})\.?"),
    re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|er|º|\.)? ?-?(?:of |de )?([^\W\d_]{3,12})\.?"),
    re.compile(r"([^\W\d_]{3,12})\.?[ \-]([0-9]{1,2})(?:st|nd|rd|th)?"),
)


def _cell(cell: str) -> str:
    """A date of any calendar, a year, or what tables make of dates: seconds, days since 1900, lost zeros."""
    text = cell[:80]
    found = next((value for _, _, value in _dates(text)), "") or _day_of_year(text) or gregorian(text)
    partly, digits = _PARTLY.fullmatch(text), _DIGITS.fullmatch(text)
    if found or not (partly or digits):
        return found
    if partly:
        year = partly[1] or partly[2]
        return year if int(year) in _YEARS else ""
    return _from_digits(digits[1]) if digits else ""


def _day_of_year(text: str) -> str:
    """A birthday without its year: ``08-22``, ``22/08``, ``22 Aug``, ``August 22nd``."""
    numeric, day_first, month_first = (pattern.fullmatch(text) for pattern in _DAYS)
    if numeric:
        return _date("1904", numeric[1], numeric[2]) or _date("1904", numeric[2], numeric[1])
    if day_first:
        return _date("1904", _month(day_first[2]), day_first[1])
    return _date("1904", _month(month_first[1]), month_first[2]) if month_first else ""


def _from_digits(digits: str) -> str:
    number, length = int(digits), len(digits.lstrip("-"))
    if length == 4:
        return digits if number in _YEARS else ""
    if length == 5 and number in _SPREADSHEET:
        return (date(1899, 12, 30) + timedelta(days=number)).isoformat()
    if length in (6, 7, 8) and number > 0:
        # Day and month first, in either order, or the year's two digits first.
        full = digits.zfill(8) if length > 6 else ""
        orders = ((4, 2, 0), (4, 0, 2)) if full else ()
        dates = [
            _date(full[year : year + 4], full[month : month + 2], full[day : day + 2]) for year, month, day in orders
        ]
        short = (
            [_date(digits[:2], digits[2:4], digits[4:]), _date(digits[4:], digits[2:4], digits[:2])]
            if length == 6
            else []
        )
        return next(filter(None, (*dates, *short)), "")
    seconds = number // 1000 if length > 10 else number
    return (date(1970, 1, 1) + timedelta(seconds=seconds)).isoformat() if length > 8 and seconds in _SECONDS else ""


_OF_ADULTS = range(1915, 1995)
_WRITTEN = re.compile(r"(?:.*[^0-9])?((?:19|20)[0-9]{2})(?:[^0-9].*)?")


def _adults(cell: str) -> bool:
    """A written date of a year in which most of today's adults were born."""
    year = _WRITTEN.fullmatch(cell[:80])
    return year is not None and int(year[1]) in _OF_ADULTS and any(True for _ in _dates(cell[:80]))


_WORDS = (
    r"(?:(?i:\bdob\b|\bd\. ?o\. ?b\b|birth[ _-]?dat|date[ _-]of[ _-]birth|birthday|\bborn\b|\bgeb(?:oren|urtsdatum)?\b"
    r"|nacimiento|naissance|\bn[ée]e? le\b|\bnacid[oa]\b|\bnat[oa] il\b|nascita|nascimento|\bnascid[oa]\b|geboortedatum"
    r"|data urodzenia|\burodzon[ya]\b|\bur\.|do[gğ]um tarihi|f[öo]delsedat|\bf[öo]dd\b|f[øo]dselsdat)"
    r"|[Дд]ата рождения|[Рр]одил(?:ся|ась)|д\.р\.|出生日期|出生于|生年月日|생년월일|تاريخ الميلاد)"
)
_LETTERS = "\u00c0-\u017f\u0400-\u045f"

# "What is your …?" is a header too.

DETECTOR = Detector(
    entity=Entity(
        name="DATE_OF_BIRTH",
        title="date of birth",
        role=Role.QUASI,
        level=Level.CONFIDENTIAL,
        tags=("GDPR", "HIPAA", "CCPA"),
    ),
    pattern=_WORDS
    + r"[^0-9\n]{0,24}[0-9]{1,4}(?:st|nd|rd|th|er|º|\.)?"
    + rf"(?:[ ,./\-年월月년]{{1,2}}(?:de |del |d')?[0-9A-Za-z{_LETTERS}]{{1,12}}){{1,4}}",
    find=_dates,
    checked=True,
    cell_pattern=r"^.*[0-9].*$",
    cell=_cell,
    known=_adults,
    # Few other columns of dates go back before 1995 in most of their cells: those of history, and old archives.
    common=0.024,
    names=words("""
        dob d_o_b dateofbirth date_of_birth birth_date birthdate birthday birth_day bday b_day date_birth born born_on
        birth_year year_of_birth yearofbirth birthyear yob birth_yr yr_of_birth birth_dt bdate birthdt brth_dt birth_dte
        birthdate_time birth_datetime patient_birth_date customer_dob pat_dob dt_birth dt_of_birth dte_birth dt_brth
        geburtsdatum geburtstag geboren geburtsjahr geb_datum gebdatum geb_dat gebdat geb_jahr
        date_naissance date_de_naissance datenaissance dt_naissance annee_naissance annee_de_naissance ddn ne_le
        fecha_nacimiento fecha_de_nacimiento fechanacimiento fec_nac fecha_nac fnac f_nacimiento
        nacimiento ano_nacimiento nacim fec_nacim fech_nac fech_nacim fch_nacim fec_nacto fecha_nacto
        anio_nacimiento cumpleanos
        data_nascita data_di_nascita datanascita anno_nascita anno_di_nascita nato_il
        data_nascimento data_de_nascimento datanascimento dt_nascimento dt_nasc data_nasc nascimento ano_nascimento
        aniversario geboortedatum geboorte_datum geb_dat geboortejaar geboortedag
        data_urodzenia urodzony rok_urodzenia dzien_urodzenia dogum_tarihi dogum_tarih dogumtarihi
        dogum_yili doğum_tarihi
        fodelsedatum fodelsear fodelsedag fodselsdato fødselsdato fodselsar fodselsdag fødselsdag fødselsår syntymaaika
        syntymapaiva datum_narozeni datum_narodenia rok_narozeni szuletesi_datum szuletesi_ido
        data_nasterii datum_rodenja
        дата_рождения год_рождения день_рождения дата_народження др
        出生日期 出生年月 出生年月日 出生年份 生日 生年月日 誕生日 生年
        생년월일 생일 출생일 출생년도 تاريخ_الميلاد تاريخ_الولادة תאריך_לידה ημερομηνια_γεννησης
        dob_date date_naiss datenaiss dt_naiss d_naissance naissance naiss date_nais an_naissance annee_naiss geb
        geburt gebdatum_patient geb_dt geb_am geburtsdat geburts_datum birthdat fec_nacimiento fechanac fecnac f_nac
        fecha_nacim fch_nac fecha_nacimiento_paciente ano_nac anio_nac dt_nasc_paciente data_nasc_paciente dtnasc
        dtnascimento dt_nascto nasc ano_nasc data_nasc_cliente data_nas dtnascita nascita anno_nasc nato
        gebdat_klant gebjaar geb_jaar data_ur dataur data_urodz rok_ur ur_data dogumtar dogum_tar dog_tar dtarihi
        d_tarihi dogum dogum_gunu dogtar tanggal_lahir tgl_lahir tgllahir tgl_lhr tahun_lahir tarikh_lahir ngay_sinh
        ngaysinh nam_sinh szul_datum szuldatum szul_ido szuletes szuletesi_ev szuletesi_nap dat_narozeni datum_nar
        datumnarozeni dat_nar narozen rok_nar datanasterii data_nastere anul_nasterii nascut datum_rodjenja
        godina_rodjenja datum_rojstva gimimo_data sunniaeg synnyinaika fodt fodelsedat fodelsetid fodd дата_рожд
        датарождения дата_рожд_ия рождения г_р д_р год_рожд дата_на_раждане дата_народж рік_народження датум_рођења
        ημερομηνια_γεννησεως ημ_γεννησης γεννηση ετος_γεννησης תאריך_הלידה ת_לידה לידה שנת_לידה วันเกิด
        วันเดือนปีเกิด ปีเกิด 생년 출생년월일 출생연도 출생일자 जन्म_तिथि जन्मतिथि जन्म_दिनांक जन्म تاريخ_ميلاد
        الميلاد سنة_الميلاد
        تاریخ_تولد 出生日 出生时间 出生年 生年月 誕生年
        birth birth_dttm ne_e_le nee_le nacido nacida fecha_de_nac nata_il nata nascida geboortejr geboorte verjaardag
        foedselsdato fodselsaar synt_aika syntymavuosi syntymaaeg fæðingardagur fæðingarar fæðingardagsetning narodeny
        narodena narozena rojstni_dan rojstni_datum leto_rojstva dat_rod dat_rodj roden rodena rodjen godina_rodenja
        godiste рођен рођења година_рођења szuletett szul роден родена година_на_раждане рожд_дата рожд ημ_νια_γεννησης
        ημ_γεν ετος_γεννησεως родился родилась народився рік_нар дата_нар sunnikuupaev sunniaasta dzimsanas_datums
        dzimsanas_gads dzim_dat dzimis gim_data gimimo_metai gimimo_diena
        kaarawan kapanganakan 出生 生まれ うまれ せいねんがっぴ 生れ
        วันเดือนปี_เกิด วันที่เกิด जन्मदिन जन्म_तारीख יום_הולדת سال_تولد تولد متولد ت_تولد مواليد data_de_naixement
        data_naix naixement any_naixement rozhdeniya rojstva
        জন্ম_তারিখ பிறந்த_தேதி పుట్టిన_తేదీ ಹುಟ್ಟಿದ_ದಿನಾಂಕ ജനനത്തീയതി જન્મ_તારીખ ਜਨਮ_ਮਿਤੀ ਜਨਮ_ਤਾਰੀਖ जन्म_मिति
        जन्मतारीख تاریخ_پیدائش tarehe_ya_kuzaliwa የትውልድ_ቀን დაბადების_თარიღი ծննդյան_ամսաթիվ туған_күні
        tug_ilgan_sana төрсөн_өдөр datelindja ថ្ងៃខែឆ្នាំកំណើត ວັນເດືອນປີເກີດ ວັນເກີດ မွေးသက္ကရာဇ် jaiotze_data
    """),
    hints=words("""
        jahrgang lahir godiste
    """),
    not_names=FLAGS
    + words("""
        weight order rate place city country county state hospital offer discount length number certificate registered
        attending control defects wedding company founded gift card sent email reminder message location month_name
        height mode cohort multiple plurality
        hire hired start join joined entry bull calf litter
        death died deceased marriage married admission discharge release published publication built opened closed
        event war end last first purchase sale
        births birth_id birth_control birth_wt 出生地 出生率 出生数 出生体重
        出生人口 lieu lugar luogo plaats mesto miejsce geburtsort
        geburtsland วันเกิดเหตุ urodzenia_miejsce miejsce_urodzenia noi_sinh место_рождения
    """),
    near=("PERSON", "GENDER", "EMAIL_ADDRESS", "PHONE_NUMBER", "STREET_ADDRESS", "HEALTH_CONDITION"),
)
