"""Official numbers: what the issuing body's own arithmetic accepts is found, and random digits are not."""

from __future__ import annotations

import importlib
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import islice

import polars as pl
import pytest

from airflow_mlsecops import scan
from airflow_mlsecops.core.detector import Detector


@dataclass(frozen=True)
class Kind:
    """How numbers of one kind are drawn.

    ``#`` is a digit and ``@`` a letter, ``YYYY``, ``YY``, ``MM`` and ``DD`` a date; everything else stands for itself.
    """

    template: str
    oracle: str
    words: str
    column: str
    written: str = ""
    proof: bool = False
    chance: float = 0.2


KINDS = {
    "cn_resident_id": Kind("110105YYYYMMDD###%", "cn.ric", "身份证号：", "身份证号码"),
    "in_aadhaar": Kind("############", "in_.aadhaar", "Aadhaar no. ", "aadhar_no", "#### #### ####"),
    "in_pan": Kind("@@@P@####@", "in_.pan", "PAN card: ", "PANNumber"),
    "us_itin": Kind("9########", "us.itin", "ITIN ", "itin", "###-##-####", proof=True),
    "id_nik": Kind("3171##DDMMYY####", "id.nik", "NIK: ", "no_ktp"),
    "pk_cnic": Kind("3#########9#3", "", "CNIC ", "cnic_no", "#####-#######-#", chance=1.0),
    "br_cpf": Kind("###########", "br.cpf", "CPF nº ", "nr_cpf", "###.###.###-##", proof=True),
    "mx_curp": Kind("@@@@YYMMDDHDF@@@0#", "mx.curp", "CURP ", "curp", proof=True),
    "mx_rfc": Kind("@@@@YYMMDD@#%", "mx.rfc", "R.F.C. ", "rfc"),
    "ru_inn": Kind("77##########", "ru.inn", "ИНН ", "ИНН"),
    "ru_snils": Kind("1##########", "", "СНИЛС ", "snils", "###-###-### ##", proof=True),
    "jp_my_number": Kind("############", "", "マイナンバー：", "my_number", "#### #### ####"),
    "tr_tckn": Kind("###########", "tr.tckimlik", "T.C. Kimlik No: ", "tc_kimlik_no"),
    "de_tax_id": Kind("###########", "de.idnr", "Steuer-ID: ", "SteuerID", "## ### ### ###"),
    "de_social_security": Kind("65DDMMYY@###", "", "RVNR ", "rentenversicherungsnummer", "## ###### @ ###", proof=True),
    "th_tnin": Kind("1############", "th.pin", "เลขบัตรประชาชน ", "thai_id", "#-####-#####-##-#", proof=True),
    "uk_nhs": Kind("4#########", "gb.nhs", "NHS number ", "NHSNumber", "### ### ####"),
    "uk_nino": Kind("AB######C", "", "NI number: ", "nino", "@@ ## ## ## @", proof=True, chance=0.3),
    "fr_nir": Kind("1YYMM75########", "fr.nir", "sécurité sociale : ", "num_secu", "# ## ## ## ### ### ##", proof=True),
    "it_fiscal_code": Kind("RSSMRAYYHDD@###@", "it.codicefiscale", "codice fiscale ", "codice_fiscale", proof=True),
    "es_nif": Kind("########@", "es.dni", "DNI ", "dni", "##.###.###-@"),
    "es_nie": Kind("X#######@", "es.nie", "NIE: ", "nie", "X-#######-@", proof=True),
    "za_id": Kind("YYMMDD####08#", "za.idnr", "ID number ", "rsa_id_number"),
    "kr_rrn": Kind("YYMMDD1######", "kr.rrn", "주민등록번호 ", "주민등록번호", "######-#######", proof=True),
    "ca_sin": Kind("1########", "ca.sin", "SIN: ", "sin_number", "### ### ###"),
    "pl_pesel": Kind("YYMMDD#####", "pl.pesel", "PESEL: ", "pesel"),
    "nl_bsn": Kind("#########", "nl.bsn", "BSN ", "burgerservicenummer"),
    "be_national_number": Kind("YYMMDD#####", "be.nn", "rijksregisternummer ", "insz", "##.##.##-###.##", proof=True),
    "ch_avs": Kind("756##########", "ch.ssn", "AHV-Nr. ", "ahv_nr", "###.####.####.##", proof=True),
    "at_svnr": Kind("####DDMMYY", "at.vnr", "SVNR: ", "svnr", "#### ######"),
    "ie_pps": Kind("#######@", "ie.pps", "PPS no. ", "pps_number"),
    "dk_cpr": Kind("DDMMYY####", "", "CPR-nr. ", "cpr_nr", "######-####"),
    "se_personnummer": Kind("YYMMDD####", "", "personnummer ", "personnummer", "######-####"),
    "no_fodselsnummer": Kind("DDMMYY#####", "no.fodselsnummer", "fødselsnummer ", "fodselsnummer", "###### #####"),
    "fi_personal_identity_code": Kind("DDMMYY-###%", "fi.hetu", "HETU ", "hetu"),
    "ee_isikukood": Kind("4YYMMDD####", "ee.ik", "isikukood ", "isikukood"),
    "lv_personas_kods": Kind("DDMMYY1####", "", "personas kods ", "personas_kods", "######-#####"),
    "cz_birth_number": Kind("YYMMDD####", "cz.rc", "rodné číslo ", "rodne_cislo", "######/####"),
    "hu_taj": Kind("#########", "", "TAJ szám ", "taj_szam", "### ### ###"),
    "ro_cnp": Kind("2YYMMDD12####", "ro.cnp", "CNP ", "cnp"),
    "bg_egn": Kind("YYMMDD####", "bg.egn", "ЕГН ", "ЕГН"),
    "hr_oib": Kind("###########", "hr.oib", "OIB: ", "oib"),
    "si_emso": Kind("DDMM98050####", "si.emso", "JMBG ", "jmbg"),
    "gr_amka": Kind("DDMMYY#####", "gr.amka", "ΑΜΚΑ ", "amka"),
    "pt_nif": Kind("2########", "pt.nif", "NIF ", "contribuinte", "### ### ###"),
    "ua_rntrc": Kind("3#########", "ua.rntrc", "РНОКПП ", "rnokpp"),
    "il_id": Kind("#########", "il.idnr", "ת.ז. ", "teudat_zehut"),
    "hk_id": Kind("@######%", "", "HKID ", "hkid", "@######(#)", proof=True),
    "tw_national_id": Kind("@1########", "", "身分證字號 ", "身分證字號"),
    "sg_nric_fin": Kind("S#######@", "", "NRIC ", "nric"),
    "my_nric": Kind("YYMMDD02####", "my.nric", "MyKad ", "no_kp", "######-##-####"),
    "au_tfn": Kind("#########", "au.tfn", "TFN ", "TaxFileNumber", "### ### ###"),
    "au_medicare": Kind("2########1", "", "Medicare ", "medicare_number", "#### ##### #"),
    "nz_ird": Kind("0########", "nz.ird", "IRD ", "ird_number"),
    "ar_cuit": Kind("20#########", "ar.cuit", "CUIT ", "cuit", "##-########-#", proof=True),
    "cl_rut": Kind("1#######%", "cl.rut", "RUT ", "rut", "##.###.###-@", proof=True),
    "ec_ci": Kind("17########", "ec.ci", "cédula ", "cedula_ecuador"),
    "do_cedula": Kind("001########", "", "cédula ", "cedula_dominicana", "###-#######-#"),
    "is_kennitala": Kind("DDMMYY###9", "is_.kennitala", "kennitala ", "kennitala", "######-####"),
}
# Whole columns of these are known by their written form alone: single numbers are judged as in free text.
SHAPED = re.compile(
    "ar_cuit|be_national_number|br_cpf|ch_avs|cl_rut|cn_resident_id|de_social_security|es_nif"
    "|fi_personal_identity_code|fr_nir|hk_id|it_fiscal_code|kr_rrn|mx_curp|ru_snils|th_tnin"
)
_TOKEN = re.compile("YYYY|YY|MM|DD|.")


@cache
def detector_of(module: str) -> Detector:
    detector: Detector = importlib.import_module(f"airflow_mlsecops.detectors.{module}").DETECTOR
    return detector


def known(module: str, number: str) -> bool:
    if SHAPED.fullmatch(module):
        return any(True for _ in detector_of(module).find(f"{KINDS[module].words}{number}"))
    judge = detector_of(module).known
    assert judge is not None
    return judge(number)


def oracle_of(module: str) -> Callable[[str], bool]:
    """The library's judgement where it has one, and else the detector's own."""
    name = KINDS[module].oracle
    if not name:
        return lambda number: known(module, written(module, number))
    library = importlib.import_module(f"stdnum.{name}")
    if module == "mx_rfc":
        return lambda number: bool(library.is_valid(number, validate_check_digits=True))
    return lambda number: bool(library.is_valid(number))


def written(module: str, number: str) -> str:
    """A number with its usual separators."""
    characters = iter(number)
    return "".join(next(characters) if mark in "#@X" else mark for mark in KINDS[module].written) or number


def drawn(template: str, source: random.Random) -> str:
    pieces: dict[str, Callable[[], str]] = {
        "YYYY": lambda: str(source.randint(1940, 2005)),
        "YY": lambda: f"{source.randint(40, 99)}",
        "MM": lambda: f"{source.randint(1, 12):02}",
        "DD": lambda: f"{source.randint(1, 28):02}",
        "#": lambda: source.choice("0123456789"),
        "@": lambda: source.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        "%": lambda: source.choice("0123456789ABCDEFGHJKLMNPRSTUVWXYZ"),
    }
    return "".join(pieces[token]() if token in pieces else token for token in _TOKEN.findall(template))


def numbers(module: str) -> Iterator[str]:
    """Valid ones without end, the same on every run."""
    source, valid = random.Random(module), oracle_of(module)
    template = KINDS[module].template
    # Two numbers in a hundred thousand pass the strictest checks: try, do not construct.
    for _ in range(2_000_000):
        number = drawn(template, source)
        # Ours is the narrower where the library takes companies, or has no date.
        if valid(number) and known(module, written(module, number)):
            yield number


def first(module: str, count: int) -> list[str]:
    return list(islice(numbers(module), count))


def entities(module: str, column: str, cells: list[str]) -> set[str]:
    frame = pl.DataFrame({column: cells})
    return {sighting.entity for sighting in scan.classify([frame], [detector_of(module)]).sightings}


@pytest.mark.parametrize("module", KINDS)
def test_valid_numbers_are_drawn(module: str) -> None:
    assert len(set(first(module, 12))) == 12


@pytest.mark.parametrize("module", KINDS)
def test_a_column_of_valid_numbers_is_found_by_its_name(module: str) -> None:
    name = detector_of(module).entity.name
    valid = first(module, 12)
    assert name in entities(module, KINDS[module].column, valid)
    assert name in entities(module, KINDS[module].column, [written(module, number) for number in valid])


@pytest.mark.parametrize("module", KINDS)
def test_a_number_is_found_after_its_words(module: str) -> None:
    name = detector_of(module).entity.name
    for number in first(module, 6):
        assert name in entities(module, "notes", [f"({KINDS[module].words}{number}), 2 copies"])
        assert name in entities(module, "notes", [f"{KINDS[module].words}{written(module, number)}"])


@pytest.mark.parametrize("module", [module for module, kind in KINDS.items() if kind.proof])
def test_the_written_form_is_proof(module: str) -> None:
    for number in first(module, 6):
        text = f"was {written(module, number)}, as told"
        assert entities(module, "notes", [text]) == {detector_of(module).entity.name}


@pytest.mark.parametrize("module", [module for module, kind in KINDS.items() if not kind.proof])
def test_bare_digits_are_no_proof(module: str) -> None:
    assert not entities(
        module, "notes", [f"was {number}, as told" for number in first(module, 6) if number.isdecimal()]
    )


@pytest.mark.parametrize("module", KINDS)
def test_a_proof_inside_something_longer_is_none(module: str) -> None:
    for number in first(module, 4):
        text = written(module, number)
        assert not entities(module, "notes", [f"x 7{text}", f"x {text}7", f"x 12-{text}-34"])


@pytest.mark.parametrize("module", KINDS)
def test_random_numbers_are_mostly_not_known(module: str) -> None:
    source = random.Random(0)
    shape = re.sub("[A-Z%]", "@", re.sub("YYYY|YY|MM|DD", lambda match: "#" * len(match[0]), KINDS[module].template))
    shape = "".join("#" if mark.isdigit() else mark for mark in shape)
    cells = [written(module, drawn(shape, source)) for _ in range(400)]
    assert sum(known(module, cell) for cell in cells) <= KINDS[module].chance * len(cells)


# The library knows neither the groups of 2020, nor places of birth, bis numbers, synthetic people and temporary numbers.
WIDER = {"us_itin", "kr_rrn", "be_national_number", "no_fodselsnummer", "fi_personal_identity_code"}


@pytest.mark.parametrize("module", [module for module, kind in KINDS.items() if kind.oracle and module not in WIDER])
def test_what_the_library_refuses_is_not_known(module: str) -> None:
    source, valid = random.Random(1), oracle_of(module)
    for _ in range(3_000):
        number = drawn(KINDS[module].template, source)
        if known(module, written(module, number)):
            assert valid(number)


INNOCENT = {
    "seconds": [str(1_500_000_000 + 7_919 * step) for step in range(400)],
    "milliseconds": [str(1_500_000_000_000 + 86_400_123 * step) for step in range(400)],
    "serial of 7": [str(1_000_000 + step) for step in range(400)],
    "serial of 9": [str(200_000_000 + step) for step in range(400)],
    "serial of 10": [str(4_000_000_000 + step) for step in range(400)],
    "serial of 11": [str(10_000_000_000 + step) for step in range(400)],
    "serial of 12": [str(300_000_000_000 + step) for step in range(400)],
    "serial of 13": [str(1_000_000_000_000 + step) for step in range(400)],
    "serial of 18": [str(410_000_197_000_000_000 + step) for step in range(400)],
    "tweets": [str(1_000_000_000_000_000_000 + 9_973_000_123 * step) for step in range(400)],
    "dated serials": [
        f"20{year:02}{month:02}{day:02}-{day:04}" for year in range(12) for month in (1, 9) for day in range(1, 15)
    ],
    "dates": [f"{year}-{month:02}-{day:02}" for year in (1985, 2020) for month in range(1, 13) for day in (3, 17)],
    "products": [f"AB{step:06}C" for step in range(0)] + [f"SKU{step:06}" for step in range(400)],
    "batches": [f"T{step:07}A" for step in range(400)],
    "amounts": [f"{step * 37.5:.2f}" for step in range(400)],
    "telephones": [f"212-555-{step:04}" for step in range(400)] + [f"+49 30 {step:06}" for step in range(400)],
    "hex": [f"{step * 2_654_435_761 % 2**64:016X}" for step in range(400)],
    "versions": [f"{step}.{step % 7}.{step % 11}" for step in range(400)],
    "ISBN-10": [
        f"{body}{'0123456789X'[sum((place + 1) * int(digit) for place, digit in enumerate(str(body))) % 11]}"
        for body in range(140_449_113, 140_449_513)
    ],
    "EAN-13": [
        f"{body}{-sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(str(body))) % 10}"
        for body in range(400_638_133_393, 400_638_133_793)
    ],
}
OTHERS = ("national_id", "tax_id", "passport", "driver_license")


@pytest.mark.parametrize("what", INNOCENT)
@pytest.mark.parametrize("column", ["c3", "code", "id", "reference"])
def test_other_numbers_are_nobodys(what: str, column: str) -> None:
    detectors = [detector_of(module) for module in (*KINDS, *OTHERS)]
    frame = pl.DataFrame({column: INNOCENT[what]})
    assert [sighting.entity for sighting in scan.classify([frame], detectors).sightings] == []
