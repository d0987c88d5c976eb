"""Names of persons and places of the world, and the everyday words that they are mistaken for.

Every set holds casefolded words, with their accents and also without: look up what ``spellings`` gives. A set is read
from ``data/`` when first asked for; a file that is not there raises, since an empty set would quietly find nothing.
Sources and licences of the files are in ``data/README.md``.

>>> spellings("  MÜLLER ")
('müller', 'muller')
>>> not family_names().isdisjoint(spellings("Müller"))
True
"""

from __future__ import annotations

import gzip
import hashlib
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Set
from functools import cache
from importlib.resources import files

_FILES = (
    *("given_names", "family_names", "cities", "regions", "region_codes", "countries", "country_codes"),
    *("nationalities", "common_words"),
)
# Marks are accents in these scripts only: elsewhere they are vowels (Devanagari, Arabic) or make the letter (が, й).
_ACCENTED = re.compile(r"[\u0000-\u024F\u0300-\u03FF\u1E00-\u1FFF]+")
_BARE = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe", "ə": "a", "ё": "е"}
)

_STREETS = {
    "English": "street st avenue ave av road rd lane ln drive dr boulevard blvd court ct place pl square sq terrace ter"
    " highway hwy parkway pkwy freeway fwy frwy expressway expy turnpike tpke circle cir crescent cres close mews alley"
    " aly way trail trl row walk grove gardens gdns plaza plz loop hill green parade pde quay wharf esplanade esp",
    "German": "strasse straße str weg gasse platz allee ring damm ufer chaussee steig pfad promenade markt stiege",
    "French": "rue avenue av boulevard bd bld boul chemin place pl allée allées impasse quai cours route rte"
    " passage square faubourg fg sentier ruelle esplanade rond-point montée voie",
    "Spanish": "calle c/ cl avenida av avda avd paseo po plaza plza pza camino cno carretera ctra carrera cra calzada"
    " callejón pasaje psje ronda travesía glorieta rambla diagonal transversal jirón jr prolongación privada",
    "Catalan": "carrer passeig plaça avinguda travessera",
    "Portuguese": "rua avenida av travessa tv largo praça pça estrada estr alameda rodovia rod beco calçada ladeira"
    " vila jardim parque setor quadra conjunto residencial condomínio fazenda loteamento sítio vereda"
    " viela viaduto passarela"
    " trecho esplanada recanto",
    "Italian": "via v.le viale piazza p.za piazzale p.le piazzetta corso c.so largo l.go vicolo vico strada contrada"
    " lungomare lungotevere salita calle fondamenta",
    "Dutch": "straat laan weg plein gracht kade dijk singel steeg dreef pad hof baan lei steenweg plantsoen",
    "Swedish": "gata gatan väg vägen gränd gränden torg torget stig stigen allé allén backe backen plan",
    "Danish": "gade vej vænge stræde plads allé torv boulevard",
    "Norwegian": "gate gata gt veg vei veien vegen plass plassen torg torget allé stien",
    "Finnish": "katu tie kuja polku tori puistotie raitti kaari",
    "Icelandic": "gata stræti vegur braut",
    "Polish": "ulica ul aleja aleje al plac pl osiedle rynek skwer rondo",
    "Czech": "ulice ul náměstí nám třída tř nábřeží nábř sídliště",
    "Slovak": "ulica ul námestie nám trieda cesta",
    "Hungarian": "utca út útja tér körút krt sétány köz fasor rakpart",
    "Romanian": "strada str bulevardul bdul b-dul calea aleea șoseaua piața intrarea",
    "Croatian": "ulica trg cesta bulevar",
    "Serbian": "улица ул булевар трг",
    "Bulgarian": "улица ул булевард бул площад пл",
    "Turkish": "cadde caddesi cad cd sokak sokağı sok sk bulvar bulvarı blv mahalle mahallesi mah meydan meydanı",
    "Russian": "улица ул проспект пр пр-т пр-кт просп переулок пер бульвар б-р площадь пл шоссе проезд набережная наб"
    " тупик аллея тракт мкр мкр-н микрорайон",
    "Ukrainian": "вулиця вул проспект просп провулок пров бульвар бул площа майдан шосе",
    "Greek": "οδός οδ λεωφόρος λεωφ πλατεία πλ πάροδος",
    "Arabic": "شارع طريق جادة زقاق ميدان",
    "Hebrew": "רחוב רח' שדרות שד' דרך סמטת כיכר",
    "Persian": "خیابان کوچه بلوار میدان",
    "Hindi": "मार्ग रोड सड़क गली पथ चौक नगर marg nagar chowk gali",
    "Indonesian": "jalan jl jln gang gg lorong persiaran lebuh",
    "Vietnamese": "đường phố ngõ hẻm",
    "Thai": "ถนน ซอย",
    "Chinese": "路 街 道 大道 大街 巷 弄 胡同 lu jie dadao",
    "Japanese": "丁目 番地 通り 条 町 chome dori",
    "Korean": "로 길 대로 번길 ro gil daero",
}


# Long enough to spare memory, short enough to be searched in a moment.
_BLOCK = 256


class Words(Set[str]):
    """Many words in some fifteen bytes each, where those of a frozenset take a hundred.

    :param lines: distinct words in sorted order, UTF-8, parted by line feeds

    >>> words = Words(b"anna\\nbert\\nzoe")
    >>> "bert" in words, "ann" in words, len(words)
    (True, False, 3)
    """

    __slots__ = ("_blocks", "_count", "_firsts")

    def __init__(self, lines: bytes) -> None:
        self._count = lines.count(b"\n") + 1
        self._blocks = [f"\n{block.decode()}\n" for block in _blocks(lines)]
        self._firsts = [block[1 : block.index("\n", 1)] for block in self._blocks]

    def __contains__(self, word: object) -> bool:
        if not isinstance(word, str) or "\n" in word:
            return False
        place = bisect_right(self._firsts, word)
        return place > 0 and f"\n{word}\n" in self._blocks[place - 1]

    def __iter__(self) -> Iterator[str]:
        return (word for block in self._blocks for word in block[1:-1].split("\n"))

    def __len__(self) -> int:
        return self._count


def _blocks(lines: bytes) -> Iterator[bytes]:
    start = 0
    while (end := lines.find(b"\n", start + _BLOCK)) >= 0:
        yield lines[start:end]
        start = end + 1
    yield lines[start:]


def spellings(text: str) -> tuple[str, ...]:
    """How the sets write a text: casefolded, and without accents if that differs.

    >>> spellings("José  O’Neill"), spellings("東京")
    (("josé o'neill", "jose o'neill"), ('東京',))
    """
    word = " ".join(unicodedata.normalize("NFC", text).replace("’", "'").casefold().split())
    bare = _without_accents(word)
    return (word,) if bare == word else (word, bare)


def _without_accents(word: str) -> str:
    if not _ACCENTED.fullmatch(word):
        return word.replace("ё", "е")
    letters = (letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", "".join(letters)).translate(_BARE)


@cache
def given_names() -> Words:
    """Given names, patronymics among them, in Latin and some twenty other scripts."""
    return _read("given_names")


@cache
def family_names() -> Words:
    """Family names: all that 100 people of the United States had in 2010, and those of other countries.

    Some 12,000 are ``common_words`` as well (``water``, ``price``).
    """
    return _read("family_names")


@cache
def cities() -> Words:
    """Places of 1,000 people or more, those of 100,000 or more in other languages too."""
    return _read("cities")


@cache
def regions() -> Words:
    """States, provinces, Länder, départements, cantons, prefectures and counties."""
    return _read("regions")


@cache
def region_codes() -> Words:
    """Postal and ISO 3166-2 letters of regions (``ca``, ``nsw``, ``mi``), which are words too unless in capitals."""
    return _read("region_codes")


@cache
def countries() -> Words:
    """Countries in some 80 languages, with official and everyday variants."""
    return _read("countries")


@cache
def country_codes() -> Words:
    """ISO 3166-1 letters, two and three (``de``, ``deu``), which are words too (``in``, ``no``) unless in capitals."""
    return _read("country_codes")


@cache
def nationalities() -> Words:
    """What people of a country are called in English, and of the larger ones in some of their languages."""
    return _read("nationalities")


@cache
def common_words() -> Words:
    """Everyday words, colours, months, products and brands: no evidence of a name or a place when they stand alone.

    Words of English are there even where a person or a town has the name (``mark``, ``reading``); of German, French,
    Spanish, Portuguese, Italian and Dutch only frequent ones.
    """
    return _read("common_words")


@cache
def street_words() -> frozenset[str]:
    """Words for a street, before its name, after it or at its end (``rue``, ``street``, ``-straße``).

    Abbreviations are without their point: look up ``ul`` for ``ul.``.
    """
    return frozenset(spelling for line in _STREETS.values() for word in line.split() for spelling in spellings(word))


def is_place(phrase: str) -> bool:
    """True if this is the name of a town, a region or a country."""
    return phrase in cities() or phrase in regions() or phrase in countries()


@cache
def digest() -> str:
    """Digest of all the data: what detectors find changes with it."""
    return hashlib.sha256(b"".join(hashlib.sha256(_bytes(name)).digest() for name in _FILES)).hexdigest()


def _read(name: str) -> Words:
    return Words(gzip.decompress(_bytes(name)))


def _bytes(name: str) -> bytes:
    return files(__package__).joinpath("data", f"{name}.txt.gz").read_bytes()
