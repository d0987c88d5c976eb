"""Innocent columns that are easily taken for something: two hundred seeded cells of each kind."""

from __future__ import annotations

import base64
import random
from collections.abc import Callable
from dataclasses import dataclass

ROWS = 200
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

Make = Callable[[random.Random, int], str]


@dataclass(frozen=True)
class Kind:
    """One kind of column.

    :param header: the name that fits it
    :param make: a cell, from a generator and the number of its row
    """

    header: str
    make: Make

    def cells(self) -> list[str]:
        """The same two hundred cells at every call."""
        generator = random.Random(self.header)
        return [self.make(generator, row) for row in range(ROWS)]


def _digits(g: random.Random, count: int) -> str:
    return "".join(g.choices("0123456789", k=count))


def _hex(g: random.Random, count: int) -> str:
    return f"{g.getrandbits(4 * count):0{count}x}"


def _uuid(g: random.Random) -> str:
    return f"{_hex(g, 8)}-{_hex(g, 4)}-4{_hex(g, 3)}-{g.choice('89ab')}{_hex(g, 3)}-{_hex(g, 12)}"


def _weighted(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weights[place % len(weights)] for place, digit in enumerate(digits))


def _ean_13(g: random.Random, prefix: str) -> str:
    body = prefix + _digits(g, 12 - len(prefix))
    return f"{body}{-_weighted(body, (1, 3)) % 10}"


def _isbn_10(g: random.Random) -> str:
    body = _digits(g, 9)
    return f"{body}{'0123456789X'[-_weighted(body, tuple(range(10, 1, -1))) % 11]}"


def _one_of(*parts: str) -> Make:
    """Words of one kind, parted by ``|`` for they may hold spaces."""
    words = [word.strip() for part in parts for word in part.split("|")]
    return lambda g, _: g.choice(words)


def _whole(low: int, high: int) -> Make:
    return lambda g, _: str(g.randint(low, high))


def _broken(low: float, high: float, places: int) -> Make:
    return lambda g, _: f"{g.uniform(low, high):.{places}f}"


_NUMBERS = [
    Kind("created_unix", lambda g, row: str(1_700_000_000 + row * 61)),
    Kind("event_ts_ms", lambda g, _: str(1_700_000_000_000 + g.randrange(10**10))),
    Kind("logged_at_epoch", lambda g, _: f"{1_700_000_000 + g.randrange(10**7)}.{_digits(g, 6)}"),
    Kind("isbn", lambda g, _: _ean_13(g, "978")),
    Kind("isbn10", lambda g, _: _isbn_10(g)),
    Kind("ean", lambda g, _: _ean_13(g, "400")),
    Kind("order_id", lambda g, row: str(310_000_000 + row)),
    Kind("order_no", lambda g, _: str(g.randrange(10**9, 10**10))),
    Kind("order_number", lambda g, row: str(20_250_000_000 + row * 7)),
    Kind("batch_id", lambda g, row: str(2_025_031_400_000_000 + row * 1_009)),
    Kind("ticket_id", lambda g, _: str(g.randrange(10**8, 10**9))),
    Kind("record_id", lambda g, _: f"{g.randrange(10**6, 10**9)}.0"),
    Kind("reading", _broken(-1, 1, 7)),
    Kind("completion_pct", lambda g, _: f"{g.uniform(0, 100):.1f}%"),
    Kind("displacement_mm", _broken(40, 60, 5)),
    Kind("score", _whole(0, 100)),
    Kind("building_age", _whole(1, 120)),
    Kind("parcel_weight", _broken(0.1, 30, 2)),
    Kind("house_price", lambda g, _: str(g.randint(80, 900) * 1_000)),
    Kind("units_sold", _whole(10_000, 99_999)),
    Kind("gdp_per_capita", _broken(500, 90_000, 1)),
    Kind("population", _whole(100_000, 90_000_000)),
    Kind("rating", _whole(1, 5)),
    Kind("year", _whole(1950, 2025)),
    Kind("latency_us", _whole(100, 900_000)),
    Kind("http_status", _one_of("200|201|301|304|400|401|403|404|500|503")),
    Kind("port", _whole(1024, 65_535)),
    Kind("elo", _whole(900, 2_800)),
    Kind("pixel_x", _broken(0, 180, 3)),
    Kind("upc", lambda g, _: _digits(g, 12)),
    Kind("naics", _whole(111_110, 928_120)),
]

_CODES = [
    Kind("sku", lambda g, _: f"{g.choice(['TSH', 'MUG', 'BAG'])}-{_digits(g, 4)}-{g.choice(['S', 'M', 'XL'])}"),
    Kind("invoice_id", lambda g, row: f"INV-2025-{row + 100:06}"),
    Kind("part_number", lambda g, _: f"{_digits(g, 3)}-{_digits(g, 4)}-{_digits(g, 2)}"),
    Kind("version", lambda g, _: f"{g.randint(0, 9)}.{g.randint(0, 30)}.{g.randint(0, 99)}"),
    Kind("build_version", lambda g, _: f"{g.randint(1, 12)}.{g.randint(0, 9)}.{g.randint(0, 255)}.{g.randint(0, 255)}"),
    Kind("oid", lambda g, _: f"1.3.6.1.4.1.{g.randint(9, 9999)}.{g.randint(1, 9)}.{g.randint(1, 99)}"),
    Kind("md5", lambda g, _: _hex(g, 32)),
    Kind("commit_sha", lambda g, _: _hex(g, 40)),
    Kind("sha256", lambda g, _: _hex(g, 64)),
    Kind("row_uuid", lambda g, _: _uuid(g)),
    Kind("event_ulid", lambda g, _: "01H" + "".join(g.choices(_CROCKFORD, k=23))),
    Kind("thumbnail_b64", lambda g, _: base64.b64encode(g.randbytes(30)).decode()),
    Kind("colour", lambda g, _: f"#{_hex(g, 6)}"),
    Kind("start_time", lambda g, _: f"{g.randint(0, 23):02}:{g.randint(0, 59):02}:{g.randint(0, 59):02}"),
    Kind("track_length", lambda g, _: f"{g.randint(1, 9)}:{g.randint(0, 59):02}"),
    Kind("issn", lambda g, _: f"{_digits(g, 4)}-{_digits(g, 4)}"),
    Kind("cas_number", lambda g, _: f"{g.randint(50, 99_999)}-{_digits(g, 2)}-{_digits(g, 1)}"),
    Kind("doi", lambda g, _: f"10.{g.randint(1_000, 9_999)}/j.ex.{_digits(g, 6)}"),
    Kind("flight_no", lambda g, _: f"{g.choice(['LH', 'BA', 'AF'])}{g.randint(100, 1_999)}"),
    Kind("container_no", lambda g, _: f"{g.choice(['MSC', 'TGH', 'CSQ'])}U{_digits(g, 7)}"),
    Kind("tracking_no", lambda g, _: f"1Z{_hex(g, 6).upper()}{_digits(g, 10)}"),
    Kind("coupon", lambda g, _: f"{g.choice(['SPRING', 'WELCOME', 'VIP'])}{g.randint(5, 50)}"),
    Kind("payload_b64", lambda g, _: base64.b64encode(g.randbytes(g.randint(8, 60))).decode()),
    Kind("duration", lambda g, _: f"PT{g.randint(1, 9)}H{g.randint(1, 59)}M"),
    Kind("shipped_on", lambda g, _: f"2025-{g.randint(1, 12):02}-{g.randint(1, 28):02}"),
    Kind("chapter", _one_of("I|II|III|IV|V|VI|VII|VIII|IX|X|XI|XII|XIII|XIV|XV")),
    Kind("currency", _one_of("USD|EUR|GBP|JPY|CHF|AUD|CAD|SEK|NOK|DKK|PLN|CZK|TRY|INR")),
    Kind("grade", _one_of("A|B|C|D|E|F")),
    Kind("size", _one_of("XS|S|M|L|XL|XXL")),
    Kind("formula", _one_of("H2O|CO2|NaCl|C6H12O6|CH4|NH3|H2SO4|CaCO3|C2H5OH|HNO3|KMnO4|Fe2O3|SiO2|C8H10N4O2")),
    Kind("mime_type", _one_of("text/html|image/png|application/json|video/mp4|font/woff2|text/csv|audio/ogg")),
    Kind(
        "file_path", lambda g, _: f"/srv/{g.choice(['data', 'mail', 'home'])}/{_hex(g, 4)}/part-{_digits(g, 5)}.parquet"
    ),
    Kind("page_url", lambda g, _: f"https://shop.example/{g.choice(['p', 'c', 'help'])}/{_digits(g, 5)}?ref=mail"),
    Kind("schedule", lambda g, _: f"{g.randint(0, 59)} {g.randint(0, 23)} * * {g.choice(['*', '1', '1-5'])}"),
    Kind(
        "validation_regex", _one_of(r"^\d+$", r"[a-z]+", r"^[^@]+@[^@]+$", r"\s*", r"^\+?\d{7,15}$", r"(foo)+", r"^$")
    ),
    Kind("log_level", _one_of("DEBUG|INFO|WARNING|ERROR|CRITICAL")),
    Kind("reaction", _one_of("👍|🎉|😀|❤️|🚀|👀|😢")),
    Kind(
        "user_agent",
        lambda g, _: (
            f"Mozilla/5.0 (X11; Linux x86_64) Chrome/{g.randint(90, 125)}.0.{g.randint(1000, 6999)}.{g.randint(1, 255)}"
        ),
    ),
]

_NAMES = [
    Kind("month", _one_of("January|February|March|April|May|June|July|August|September|October|November|December")),
    Kind("weekday", _one_of("Mon|Tue|Wed|Thu|Fri|Sat|Sun")),
    Kind("status", _one_of("open|closed|pending|shipped|returned")),
    Kind("gene", _one_of("BRCA2|TP53|EGFR|MYH9|KRAS|ABCA4|DMD|FOXP2|SOX9|PAX6|TTN|OBSCN|CFTR|HBB")),
    Kind(
        "species",
        _one_of(
            "Mus musculus|Danio rerio|Bos taurus|Gallus gallus|Sus scrofa|Apis mellifera|Canis lupus|Quercus robur"
        ),
    ),
    Kind(
        "opening",
        _one_of(
            "Ruy Lopez|Sicilian Defense|Caro-Kann|Giuoco Piano|Benko Gambit|Evans Gambit|Bird Opening|Petrov Defense"
        ),
    ),
    Kind(
        "home_team",
        _one_of(
            "Northgate United|Riverside Rovers|Albion Town|Redhill Athletic|Kings Park|Granite FC|Dynamo East|Santa Clara"
        ),
    ),
    Kind(
        "company",
        _one_of("Thornbury Ltd|Acme GmbH|Ellis & Sons|Northwind Inc.|Baker Group|Orion S.A.|Marsh Holdings|Vela Corp"),
    ),
    Kind("browser", _one_of("Chrome|Firefox|Safari|Edge|Opera|Vivaldi|Brave|Chromium|Konqueror|Falkon|Midori|Lynx")),
    Kind(
        "brand", _one_of("Hugo Boss|Calvin Klein|Ralph Lauren|Paul Smith|Ted Baker|Fred Perry|Jimmy Choo|Jack Wolfskin")
    ),
    Kind(
        "product",
        _one_of("Oxford Shirt|Chelsea Boots|Madison Bag|Kent Brush|Austin Mug|Sienna Scarf|Lincoln Desk|Bailey Cap"),
    ),
    Kind("grape", _one_of("Chardonnay|Merlot|Riesling|Malbec|Pinot Noir|Syrah|Gamay|Barbera|Zinfandel|Viognier")),
    Kind("genre", _one_of("Drama|Comedy|Thriller|Western|Horror|Musical|Romance|Animation")),
    Kind("language", _one_of("en|de|fr|es|it|pl|ru|zh|ja|ko|pt|tr|ar|hi")),
]

KINDS = (*_NUMBERS, *_CODES, *_NAMES)
