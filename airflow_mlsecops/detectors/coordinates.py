"""Geographic coordinates: pairs of decimal degrees, degrees with minutes (ISO 6709), or ``POINT`` (OGC WKT).

Two numbers with four decimals are a place within ten metres; three in a row are a vector, and two below one are shares.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_PAIR = re.compile(
    r"(?<![0-9.])([+-]?[0-9]{1,3}\.[0-9]{4,16})\s{0,2}[,;/| ]\s{0,2}([+-]?[0-9]{1,3}\.[0-9]{4,16})(?![0-9.])"
)
# What stands before or after two numbers of a longer row; Google Maps writes how close one looks after them.
_BEFORE = re.compile(r"[0-9][0-9.eE]*\s?[,;/|\s]\s{0,2}$")
_AFTER = re.compile(r"\s{0,2}[,;/| ]\s{0,2}[+-]?[0-9.]+(?![0-9.]*z)")
_POINT = re.compile(r"POINT ?Z? ?\( ?([+-]?[0-9]{1,3}(?:\.[0-9]+)?) ([+-]?[0-9]{1,3}(?:\.[0-9]+)?)[ )]")
_DEGREES = (
    r"[0-9]{1,3}(?:\.[0-9]+)? ?[°º] ?[0-9]{1,2}(?:\.[0-9]+)? ?['′’](?: ?[0-9]{1,2}(?:\.[0-9]+)? ?(?:[\"″”]|'')?)?"
)
_SEXAGESIMAL = re.compile(rf"{_DEGREES} ?[NSEWO]\b|\b[NSEW] ?{_DEGREES}")
_NAMED = re.compile(r"(?i:\blat(?:itude)?)[\"']?\s{0,2}[:=]\s{0,2}[\"']?([+-]?[0-9]{1,2}\.[0-9]{3,16})")


def _places(run: str) -> Iterator[Span]:
    for match in _PAIR.finditer(run):
        row = _BEFORE.search(run, max(0, match.start() - 24), match.start()) or _AFTER.match(run, match.end())
        value = "" if row else _place(match[1], match[2])
        if value:
            yield *match.span(), value
    for match in _POINT.finditer(run):
        value = _place(match[2], match[1])
        if value:
            yield *match.span(), value
    for match in _SEXAGESIMAL.finditer(run):
        yield *match.span(), match[0].replace(" ", "")
    for match in _NAMED.finditer(run):
        if abs(float(match[1])) <= 90:
            yield *match.span(1), match[1]


def _place(latitude: str, longitude: str) -> str:
    """Both in one spelling, if one of them may be a latitude and they are more than shares of one."""
    first, second = abs(float(latitude)), abs(float(longitude))
    on_earth = max(first, second) <= 180 and min(first, second) <= 90
    return f"{float(latitude):g},{float(longitude):g}" if on_earth and max(first, second) >= 1 else ""


# As Python shows two decimals in a tuple.
_DECIMAL = re.compile(r"Decimal\('([^']{1,24})'\)")
_PART = re.compile(r"[NSEW]? ?([+-]?[0-9]{1,3}(?:[.,][0-9]+)?) ?°? ?[NSEWO]?")
_BOTH = re.compile(r"[(\[]?([+-]?[0-9]{1,3}\.[0-9]{2,})[°NSEW ]*[,;/| ]+([+-]?[0-9]{1,3}\.[0-9]{2,})[°NSEW ]*[)\]]?")


def _coordinate(cell: str) -> str:
    """A pair, or one of the two in degrees or in metres of a grid."""
    if _is_known(cell):
        return cell.replace(" ", "")
    part = _PART.fullmatch(cell)
    if part:
        degrees = float(part[1].replace(",", "."))
        return f"{degrees:g}" if abs(degrees) <= 180 else ""
    return cell if _GRID.fullmatch(cell) else ""


# The equator is ten million metres from a pole; positions in a genome are larger.
_GRID = re.compile(r"[+-]?(?:[0-9]{6,7}|10000000)(?:\.[0-9]+)?")


def _is_known(cell: str) -> bool:
    both = _BOTH.fullmatch(_DECIMAL.sub(r"\1", cell))
    return bool(both and _place(both[1], both[2])) or any(True for _ in _places(cell))


DETECTOR = Detector(
    entity=Entity(
        name="GEO_COORDINATES",
        title="geographic coordinates",
        role=Role.QUASI,
        level=Level.CONFIDENTIAL,
        tags=("GDPR", "HIPAA", "CCPA"),
    ),
    pattern="|".join(
        (
            # A number before and after shows that two are of a longer row.
            r"(?:[0-9.eE]{1,8}\s?[,;/|\s]\s{0,2})?[+-]?[0-9]{1,3}\.[0-9]{4,16}\s{0,2}[,;/| ]\s{0,2}"
            r"[+-]?[0-9]{1,3}\.[0-9]{4,16}[0-9.]?(?:\s{0,2}[,;/| ]\s{0,2}[+-]?[0-9.]{1,20}z?)?",
            r"POINT ?Z? ?\( ?[+-]?[0-9.]{1,20} [+-]?[0-9.]{1,20}[ )]",
            rf"{_DEGREES} ?[NSEWO]\b|\b[NSEW] ?{_DEGREES}",
            r"(?i:\blat(?:itude)?)[\"']?\s{0,2}[:=]\s{0,2}[\"']?[+-]?[0-9]{1,2}\.[0-9]{3,16}",
        )
    ),
    find=_places,
    cell_pattern=r"^[(\[]?(?:[NSEW] ?)?[+-]?[0-9].{0,60}$|^POINT.{3,80}$|^\(Decimal.{10,80}$",
    cell=_coordinate,
    known=_is_known,
    common=0.002,
    names=words("""
        latitude longitude lat lon lng latlng latlon lat_long latlong lat_lng lat_lon long_lat geo_lat geo_lon geo_long
        geolocation geo_location geopoint geo_point gps gps_location gps_coordinates coordinates coordinate coords coord
        geocoordinates geo_coordinates pickup_lat dropoff_lat start_lng end_lng lat_deg lon_deg xlong ylat
        easting northing eastings northings
        breitengrad laengengrad langengrad breite_grad geo_breite geo_laenge koordinaten geokoordinaten
        longitud latitud coordenadas coordonnees latitudine longitudine coordinate_gps latitud_longitud
        szerokosc_geograficzna dlugosc_geograficzna wspolrzedne breddgrad lengdegrad enlem boylam koordinat
        широта долгота координаты 纬度 经度 经纬度 緯度 経度 위도 경도 خط_العرض خط_الطول
        geogr_breite geogr_lange geogr_laenge geographische_breite geographische_lange breedtegraad lengtegraad
        coordinaten koordinater langdgrad breddegrad længdegrad leveysaste pituusaste koordinaatit breiddargraða
        lengdargraða hnit szer_geogr dl_geogr szerokosc_geogr zemepisna_sirka zemepisna_delka zemepisna_dlzka souradnice
        suradnice zemljepisna_sirina zemljepisna_dolzina geografska_sirina geografska_duzina географска_ширина
        географска_дължина географска_дужина координате координати foldrajzi_szelesseg foldrajzi_hosszusag koordinatak
        coordonate γεωγραφικο_πλατος γεωγραφικο_μηκος συντεταγμενες довгота laiuskraad pikkuskraad koordinaadid
        koordinatas koordinates geografiskais_platums geografinis_platumas lintang bujur titik_koordinat vi_do kinh_do
        toa_do 坐标 座標 經度 좌표 ละติจูด ลองจิจูด พิกัด अक्षांश देशांतर الإحداثيات إحداثيات קו_רוחב קו_אורך קואורדינטות נ_צ
        عرض_جغرافیایی طول_جغرافیایی مختصات coordenades
    """),
    hints=words("""
        location geo geom geometry point position place loc address where long breite гео ilguma platuma
    """),
    not_names=FLAGS
    + words("""
        id ids size x_label y_label image pixel screen bbox color colour chart plot system reference crs srid units
        lower upper chromosome genome genomic exon px frame mouse click tile board square chess
    """),
    near=("STREET_ADDRESS", "POSTCODE"),
)
