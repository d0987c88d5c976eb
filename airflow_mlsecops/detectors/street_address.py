"""Street addresses of many countries: a number with a word for street, a post office box, or an address of East Asia.

``21 Jump Street`` is a film and ``500 GB Solid State Drive`` a disk: in any one cell only three digits before the
street, a town with its postcode after it, or words such as ``lives at`` are proof.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from airflow_mlsecops.core.detector import Detector, Span, spelling
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._address_marks import is_marked
from airflow_mlsecops.detectors._gazetteer import is_place, spellings, street_words
from airflow_mlsecops.detectors._hints import FLAGS, words

_ELSEWHERE = re.compile(r"@|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}|://|(?:[0-9]{1,3}\.){3}[0-9]|^0x|^[0-9a-fA-F:.\-]+$")
# "4001 J St" and "3823 172nd St" have no longer word.
_WORD = re.compile(r"[^\W\d_]{3,}|[\u3400-\u9fff\uac00-\ud7a3]{2,}|(?:\b[A-Z]|[0-9](?:st|nd|rd|th)) (?:St|Rd|Dr|Pl)\b")
_CLAUSE = re.compile(r"[,;\n/()]+|\s-\s")
_TOKEN = re.compile(r"[^\s,]+")
_NUMBER = re.compile(r"(?:n[°ºor.:]*|#|№|д\.)?[0-9]{1,5}(?:[-/–][0-9]{1,5})?/?[a-z]{0,2}\.?")
# Without a number, as Spanish, Portuguese and Italian addresses say: it stands for one.
_UNNUMBERED = re.compile(r"\bs/n\b|\bsnc\b", re.IGNORECASE)
# "ул.Советская", "Ringstr.1": a word for street is parted from what follows it by its point alone.
_POINT = re.compile(r"([^\W\d_]{2}\.)(?=[^\W_])")
# Roads with numbers for names, and corners of two streets.
_HIGHWAY = re.compile(
    r"[0-9]{1,6} (?:[NSEW]\.? )?(?:(?:State|County|Old) )?(?:Route|Rte|Rt|Highway|Hwy|Interstate|U\.?S\.?)\.?"
    r" [0-9]{1,4}\b.{0,40}"
)
_CORNER = re.compile(r"(?:cnr|corner)\.? (?:of )?.{3,60}(?:&|\band\b|,).{3,}", re.IGNORECASE)
# "Floriańska 33, 31-425 Kraków", "Budínova 67/2, 180 81 Praha 8": no word for street, but a postcode and its town.
_POSTED = re.compile(
    r"[^\W\d_][^\d\n@]{2,60}? ?[0-9]{1,4} ?[A-Za-z]?(?:[/-][0-9]{1,5}[A-Za-z]?)?,? {1,2}"
    r"(?:[A-Z]{1,2}-)?(?:[0-9]{2}-[0-9]{3}|[0-9]{3} [0-9]{2}|[0-9]{4,6}),? (?P<town>[^\W\d_][^\d,(\n–]{1,40}).{0,60}"
)
# Words for street that are the end of the street's name, in languages that write both together.
_JOINED = re.compile(
    r".{2,}(?:stra(?:ss|ß)e|str|gasse|platz|allee|weg|ring|damm|ufer|chaussee|steig|straat|laan|plein|gracht|kade|dijk|singel"
    r"|steenweg|dreef|gata|gatan|väg|vägen|vagen|gränd|backen|torget|stigen|gade|vej|vænge|stræde|alle|veien|vegen|gate"
    r"|katu|tie|kuja|polku|utca|út|útja|tér|ulice|stræti|braut)\.?"
)
# Words of other meanings that say street only where the number and the name make it likely.
_WEAK = frozenset(words("al all av ch co de dr la ring plan tie place way st pl sq route drive via pad pass hof os"))
_COUNTED = frozenset(words("place precinct district division department position seat circuit"))
_BOX = re.compile(
    r"(?:^|[^A-Za-z0-9])(?:p\.? ?o\.? ?box|post ?box|postfach|postboks|postbus|apartado(?: postal)?|casilla"
    r"|caixa postal|bo[iî]te postale|а/я|private bag|locked bag|psc)"
    r" ?(?:no\.? ?|n[°º] ?)?[0-9]{1,6}",
    re.IGNORECASE,
)
_EAST = re.compile(
    "[都道府県省市区縣县州郡町村].{0,24}[0-9一二三四五六七八九十]+ ?(?:丁目|番地?|号|號|弄|巷|[-‐−][0-9]+)"
    "|[市区區县縣].{0,16}[路街道巷].{0,8}[0-9]+|(?:시|도|군|구) ?.{0,12}(?:로|길|동|읍|면)[ 0-9]{0,4}[0-9]"
)


def _address(cell: str) -> str:
    """A word with a number, or with a word for street; no network address, e-mail address or wallet."""
    if len(cell) > 400 or not (_WORD.search(cell) or is_marked(cell)) or _ELSEWHERE.search(cell) is not None:
        return ""
    numbered = any(map(str.isdigit, _UNNUMBERED.sub("0", cell))) and any(mark in cell for mark in " ,\n")
    corner = _CORNER.fullmatch(cell) is not None
    return spelling(cell) if numbered or corner or _EASTERN.search(cell) or any(map(_is_street, _tokens(cell))) else ""


_NUMERAL = re.compile("[0-9一二三四五六七八九十]")
_EASTERN = re.compile("[都道府県省市区縣县郡町村시구동].")


# Suffixes that are words for other things as often (United States Postal Service, publication 28, appendix C1).
_AMERICAN = re.compile(
    r"[0-9]{1,6} (?:[A-Z][A-Za-z'\-]* ){1,3}(?:Branch|Bridge|Brooks?|Burgs?|Bypass|Camp|Centers?|Cliffs?|Club|Common"
    r"|Corners?|Course|Cove|Creek|Crest|Crossing|Crossroad|Curve|Dale|Divide|Estates?|Extensions?|Falls?|Ferry|Fields?"
    r"|Flats?|Fords?|Forest|Forges?|Forks?|Garden|Gateway|Glens?|Greens|Groves|Harbors?|Haven|Heights|Highlands|Hills"
    r"|Hollow|Inlet|Islands?|Isle|Junctions?|Keys?|Knolls?|Lakes?|Landing|Lights?|Locks?|Lodge|Mall|Manors?|Meadows?"
    r"|Mills?|Mission|Motorway|Mountains?|Neck|Orchard|Oval|Overpass|Parks|Passage|Path|Pike|Pines?|Plains?|Points?"
    r"|Ports?|Prairie|Radial|Ramp|Ranch|Rapids?|Rest|Ridges?|River|Roads|Run|Shoals?|Shores?|Skyway|Springs?|Spurs?"
    r"|Squares|Station|Stravenue|Stream|Streets|Summit|Throughway|Trace|Track|Trafficway|Tunnel|Underpass|Unions?"
    r"|Valleys?|Viaduct|Views?|Villages?|Ville|Vista|Walks|Ways|Wells?)"
    r"(?: (?:Apt\.?|Suite|Ste\.?|Unit|#) ?[0-9A-Z]+)?(?:$|[,\n])"
)
# As the end of an address in the United States; soldiers abroad have units and boxes.
_MAILED = re.compile(
    r"(?:[0-9]{1,6}[A-Z]?|PSC|CMR|Unit|USS|USNS|USNV|USCGC) [^\n]{3,60}[\n,][^\n]{0,40}"
    r"\b[A-Z]{2},? [0-9]{5}(?:-[0-9]{4})?"
)


def _is_known(cell: str) -> bool:
    cell = _UNNUMBERED.sub("0", cell)
    if not _NUMERAL.search(cell):
        return _CORNER.fullmatch(cell) is not None
    if is_marked(cell) or _is_posted(cell) or _HIGHWAY.fullmatch(cell) or _CORNER.fullmatch(cell):
        return True
    if _BOX.search(cell) or _EAST.search(cell) or _AMERICAN.match(cell) or _MAILED.fullmatch(cell):
        return True
    return any(map(_is_numbered_street, _CLAUSE.split(cell.casefold()))) or _is_parted(cell)


def _is_posted(cell: str) -> bool:
    match = _POSTED.fullmatch(cell)
    return match is not None and is_place(spellings(match["town"].strip(" -"))[-1])


def _is_parted(cell: str) -> bool:
    """A street and its number on either side of a comma: ``Rua do Paço, 67``."""
    parts = [part.strip() for part in cell.casefold().split(",")[:4]]
    return any(
        (_NUMBER.fullmatch(after.partition(" ")[0]) and any(map(_is_street, _tokens(before))))
        or (_NUMBER.fullmatch(before) and any(map(_is_street, _tokens(after))))
        for before, after in pairwise(parts)
        if after
    )


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(_POINT.sub(r"\1 ", text.casefold()))[:12]


def _is_street(token: str) -> bool:
    word = token if token.isascii() else spellings(token)[-1]
    return word in street_words() or word.rstrip(".") in street_words() or _JOINED.fullmatch(token) is not None


def _is_numbered_street(clause: str) -> bool:
    """``12 Elm St``, ``Hauptstraße 12``, ``calle Mayor 5``: the number before the name or after it."""
    tokens = _tokens(clause)
    numbers = [place for place, token in enumerate(tokens) if _NUMBER.fullmatch(token) and not _counts(tokens, place)]
    streets = [place for place, token in enumerate(tokens) if _is_street(token)]
    return any(_belong(tokens, number, street) for number in numbers[:3] for street in streets[:4])


def _counts(tokens: list[str], place: int) -> bool:
    """True for a number of offices and circuits of one name: ``Court of Appeals Place 6``, ``Court Precinct 2``."""
    return place > 1 and tokens[place - 1] in _COUNTED


def _belong(tokens: list[str], number: int, street: int) -> bool:
    apart = street - number
    if tokens[street].rstrip(".") in _WEAK and not (2 <= apart <= 4):
        # Also "St" for saint and "al" for the: a street only at the end of the name.
        return -5 <= apart <= -2 and street == 0
    # Between a number and a word for street stands the street's name, unless that is one word with it (-straße).
    return 2 <= apart <= 5 or -6 <= apart <= -1 or (apart == 1 and len(tokens) > 2)


_UPPER = "A-Z\u00c0-\u00de\u0100-\u017d\u0386-\u03ab\u0400-\u042f"
_ANY = "A-Za-z\u00c0-\u00ff\u0100-\u017f\u0370-\u03ff\u0400-\u045f'’.\\-"
_NAME = (
    rf"(?:[{_UPPER}][{_ANY}]{{0,20}}|of|the|de|du|des|la|le|les|da|do|dos|das|del|della|di|van|von|der|den|y|e"
    r"|[0-9]{1,2}(?:st|nd|rd|th))"
)
_ENGLISH = (
    "Street|St|Avenue|Ave|Av|Road|Rd|Boulevard|Blvd|Lane|Ln|Parkway|Pkwy|Highway|Hwy|Terrace|Terr|Crescent|Cres|Close|Court|Ct"
    "|Drive|Dr|Place|Pl|Square|Sq|Way|Trail|Trl|Circle|Cir|Grove|Gardens|Mews|Turnpike|Expressway|Loop|Route|Walk|Row"
    "|Parade|Alley"
)
_SURE = "Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Parkway|Pkwy|Highway|Hwy"
_ROMANCE = (
    "[Rr]ue|[Aa]venue|[Bb]oulevard|[Bb]d|[Cc]hemin|[Ii]mpasse|[Aa]ll[ée]e|[Qq]uai|[Rr]ua|[Aa]venida|[Aa]v|[Tt]ravessa"
    "|[Ee]strada|[Cc]alle|[Cc]arrer|[Cc]arrera|[Pp]aseo|[Cc]amino|Via|Viale|Piazza|Piazzale|Piazzetta|Corso|Largo|Vicolo"
    "|Strada|[Uu]l|[Uu]lica|Aleja|[Jj]alan|[Jj]l|Avda|Avd|C/"
)
_COMPOUND = (
    "stra(?:ss|ß)e|str|gasse|allee|weg|platz|damm|straat|laan|plein|gracht|kade|gatan|vägen|väg|gata|gade|vej|veien|vegen|vænget"
    "|katu|kuja|tie|stræti|braut"
)
_SPOKEN = re.compile(
    "|".join(
        (
            rf"\b[0-9]{{1,6}}[A-Za-z]?,? (?:[NSEW]\.? )?(?:{_NAME} ){{1,4}}(?:{_ENGLISH})\b\.?",
            rf"(?<![^\W_])(?:{_ROMANCE})\.? (?:{_NAME} ){{0,5}}{_NAME},? (?:n[°º.] ?)?[0-9]{{1,5}}\b",
            rf"\b[0-9]{{1,4}}(?: (?:bis|ter))?,? (?:{_ROMANCE})\.? (?:{_NAME} ){{0,4}}{_NAME}",
            rf"(?<![^\W_])[{_UPPER}][{_ANY}]{{1,24}}(?:{_COMPOUND})\.? [0-9]{{1,4}}[a-z]?\b",
            rf"(?<![^\W_])(?:[{_UPPER}][{_ANY}]+ ){{1,3}}(?:utca|út|u\.|ulice|nám\.|[Ss]traße|[Ss]tr\."
            r"|Allee|Weg|Platz|vei|vej) [0-9]{1,4}\b",
            r"\b(?:Apt|Suite|Apartment)\.? #?[0-9]{1,5}\b|\b(?:APO|FPO|DPO),? A[AEP] [0-9]{5}\b",
            rf"\bcorner of (?:[0-9]{{1,5}} |(?=[{_UPPER}]))(?:{_NAME} ){{1,4}}",
        )
    )
)
_CUED = re.compile(
    rf"(?:\b(?:address(?: is|:)|lives? (?:at|on)|located at|office is at|resid(?:es|ing) at|off at|arrived at"
    rf"|[Ss]hip to|[Mm]eet me at|[Dd]eliver(?:ed)? to|[Ss]en[dt] (?:it )?to))\s{{1,2}}"
    rf"[0-9]{{1,6}}[A-Za-z]? (?:{_NAME}[ ,]){{0,3}}{_NAME}"
)


def _spoken(text: str) -> Iterator[Span]:
    for pattern in (_SPOKEN, _CUED, _BOX):
        for match in pattern.finditer(text):
            yield *match.span(), spelling(match[0])


# Plain letters: what may be proof is searched for in every cell.
_PLAIN = r"(?:(?:[A-Z][a-z'.\-]{0,20}|[0-9]{1,3}(?:st|nd|rd|th)) ){1,4}"
_TOWN = (
    r"(?:, ?|\n| )[A-Z][A-Za-z .'\-]{2,30}(?:, ?[A-Z][A-Za-z .'\-]{2,30})?,? "
    r"(?:[A-Z]{2},? [0-9]{5}|[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][A-Z]{2})"
)
_PROOF = "|".join(
    (
        rf"\b[0-9]{{3,6}}[A-Za-z]? (?:[NSEW]\.? )?{_PLAIN}(?:{_SURE})\b",
        rf"\b[0-9]{{1,6}}[A-Za-z]? (?:[NSEW]\.? )?{_PLAIN}(?:{_ENGLISH})\.?"
        rf"(?:,? (?:Apt|Suite|Ste|Unit|#)\.? ?[0-9A-Z]{{1,5}})?{_TOWN}",
        rf"(?:[Ll]ives? (?:at|on)|[Aa]ddress(?: is|:)|[Rr]esid(?:es|ing) at|[Ss]en[dt](?: it)? to|[Ss]hip(?:ped)? to"
        rf"|[Dd]eliver(?:ed)? to|[Mm]oved to) [0-9]{{1,6}}[A-Za-z]? {_PLAIN}(?:{_ENGLISH})\b",
        r"\b(?:P\.? ?O\.? ?Box|Postfach|Postbus|Apartado Postal|Caixa Postal) [0-9]{1,6}\b",
        r"[A-ZÄÖÜ][a-zäöüß\-]{2,24}(?:straße|strasse|straat) [0-9]{1,4}[a-z]?,? (?:D-|A-|CH-)?[0-9]{4,5}\b",
        r"\b[0-9]{1,4},? (?:rue|avenue|boulevard|chemin) [A-Za-z' éèêàâôç\-]{3,40},? [0-9]{5} [A-Z]",
    )
)

# "What is your …?" is a header too.

DETECTOR = Detector(
    entity=Entity(
        name="STREET_ADDRESS",
        title="street address",
        role=Role.DIRECT,
        level=Level.CONFIDENTIAL,
        tags=("GDPR", "HIPAA", "CCPA"),
    ),
    pattern=_PROOF,
    cell_pattern=r"^[^@]{4,400}$",
    cell=_address,
    known=_is_known,
    common=0.0006,
    names=words("""
        address addresses addr adr adress address_line addressline address_line_one address_line_two addrline addr_line
        line_one line_two street streetaddress street_address street_addr street_line home_address mailing_address
        billing_address shipping_address postal_address residential_address permanent_address current_address
        physical_address delivery_address full_address bill_addr ship_addr res_addr perm_addr cust_addr residence
        domicile house_address work_address street_and_number ship_address bill_address mail_address
        adresse anschrift strasse straße strasse_hausnummer strasse_und_hausnummer wohnort_strasse wohnanschrift
        postanschrift lieferadresse rechnungsadresse hausanschrift strassenname
        adresse_postale adresse_ligne rue voie lib_voie libelle_voie adresse_complete domicilie adr_ligne
        direccion domicilio calle calle_y_numero direccion_envio direccion_completa dir_cliente
        indirizzo via indirizzo_residenza residenza endereco logradouro rua morada endereco_completo
        adres straat straatnaam adres_zamieszkania ulica ulica_numer adres_korespondencyjny
        adres_satiri acik_adres adresi sokak cadde gatuadress adress gateadresse gadenavn
        vejnavn katuosoite osoite
        utca lakcim cim ulice adresa strada
        адрес улица адрес_проживания адрес_регистрации адреса вулиця
        地址 住址 家庭地址 联系地址 收货地址 详细地址 通讯地址 居住地址 街道
        住所 番地 住所地 現住所 町名番地 주소 도로명주소 상세주소 지번주소
        العنوان عنوان الشارع כתובת רחוב ที่อยู่ διευθυνση
        alamat alamat_rumah alamat_lengkap alamat_pelanggan jalan indirizzo_di_residenza via_e_numero dia_chi
        dia_chi_thuong_tru duong_pho lakohely lakcime strada_numar domiciliu bydliste trvale_bydliste
        adresa_bydliska adresa_trvaleho_bydliste διευθυνση_κατοικιας οδος адрес_доставки адрес_прописки
        адрес_места_жительства місце_проживання عنوان_السكن عنوان_المنزل محل_الاقامة محل_الإقامة آدرس نشانی
        כתובת_מגורים ที่อยู่ปัจจุบัน 도로명 집주소 자택주소 पता निवास_पता adresse_domicile adresse_client
        adresse_patient
        numero_et_rue ruecliente direccion_cliente direccion_paciente direccion_fiscal direccion_particular
        direccion_residencia endereco_cliente endereco_residencial endereco_paciente adresas gatvė elukoht aadress
        poste_restante hjemmeadresse bostadsadress folkbokforingsadress woonadres postadres factuuradres
        adres_klienta ev_adresi is_adresi tebligat_adresi ikamet adres_bilgisi
        strasse_nr strassenr str_nr
        adresregel bezoekadres hemadress bostedsadresse folkeregisteradresse bopæl kotiosoite postiosoite heimilisfang
        heimili postfang logheimili trvale_bydlisko stalni_naslov naslov_bivalisca prebivaliste dieuthinsi diefthynsi
        место_жительства ул tanav adrese dzivesvieta dzivesvietas_adrese deklareta_adrese gyvenamoji_vieta namu_adresas
        noi_o cho_o_hien_nay tirahan lansangan じゅうしょ 거주지주소
        ที่อยู่ตามทะเบียนบ้าน บ้านเลขที่ ถนน गली خیابان adreca carrer
        domicili bostedadresse adresse_de_facturation straatadres fisiese_adres wohnadresse domisili
        ho_khau_thuong_tru cho_o_hien_tai مكان_السكن पत्ता ठेगाना স্থায়ী_ঠিকানা ঠিকানা முகவரி చిరునామా ವಿಳಾಸ വിലാസം
        સરનામું ਪਤਾ ලිපිනය پتہ anwani anuani makazi አድራሻ მისამართი հասցե unvan ünvan мекенжай мекенжайы manzil
        manzili хаяг អាសយដ្ឋាន ທີ່ຢູ່ လိပ်စာ helbidea enderezo
    """),
    hints=words("""
        location loc premises property site place headquarters hq office venue building house lieu wohnort naslov
        situs ul dir
    """),
    not_names=FLAGS
    + words("""
        email e_mail mail_id mailid ip ipv ips mac web url uri http memory mem wallet bitcoin btc eth
        ethereum crypto contract
        token id ids key hardware network net host server code codes hex byte register pointer offset
        bus device port city town state country county province region zip zipcode postcode postal_code lat lon latitude
        longitude suffix prefix direction date time year since index book label from_email to_email bic block size
        range subnet gateway dns source_address destination_address src dst blockchain account smart
        streetlight streetcar
    """),
    near=("PERSON", "POSTCODE", "PHONE_NUMBER", "EMAIL_ADDRESS"),
    prose=_spoken,
)
