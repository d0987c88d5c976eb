"""A made-up table of customers and their transactions, of any length, with everything that is in it counted.

    python benchmarks/corpus.py --rows 10000000 --out /tmp/customers.parquet

Twenty columns, eight of them text; one note in fifty holds one item of ten kinds. ``*.truth.json`` beside it says how
many rows hold what. Each block of rows depends on the seed and its number only: a short corpus is the beginning of a
long one. All data is random; names come from the lists below.
"""

# ruff: noqa: TID253
from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

BLOCK = 131_072
SEED = 3
PLANTED = 0.02
FOLDER = Path(os.environ.get("BENCH_FOLDER", Path.home() / ".cache" / "airflow-mlsecops-bench"))

Random = np.random.Generator
Truth = dict[str, dict[str, int]]


def words(text: str, between: str | None = None) -> list[str]:
    """The words of a text."""
    return text.split(between)


FIRST = words("""
James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard Susan Joseph Jessica
Thomas Sarah Charles Karen Daniel Lisa Matthew Nancy Anthony Betty Steven Ashley Paul Emily Andrew Kimberly Joshua
""")
LAST = words("""
Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson Anderson
Thomas Taylor Moore Jackson Martin Lee Perez Thompson White Harris Sanchez Clark Ramirez Lewis Robinson Walker Young
Allen King Wright Scott Torres Nguyen Hill Flores Green Adams Nelson Baker Hall Rivera Campbell Mitchell Carter Roberts
""")
STREETS = [
    f"{name} {kind}"
    for name in words("Oak Maple Cedar Pine Elm Washington Lake Hill Park Main Church Spring River Jackson Lincoln")
    for kind in words("Street Avenue Road Lane Drive Boulevard Court Way Place Terrace")
]
CITIES = words("Springfield, IL|Portland, OR|Austin, TX|Denver, CO|Tampa, FL|Salem, OR|Albany, NY|Reno, NV", "|")
DOMAINS = words("gmail.com yahoo.com outlook.com example.com mail.example.org acme-widgets.com contoso.co")
STATES = words("active pending closed suspended review new")
AREAS = words("201 202 212 213 214 281 305 312 323 347 404 408 415 469 503 512 617 646 702 713 718 917")
OPENINGS = words(
    "Customer called about order {}, refund of ${}.50 approved. |Ticket {}: delivery delayed by {} days. "
    "|Follow-up for order {} scheduled at 14:{}. |Order {}, {} items, invoice INV-2024-0417. ",
    "|",
)
WHO = words("The customer|Our agent|The warehouse team|Somebody in billing|A colleague from support", "|")
WHAT = words("asked to change|could not find|has confirmed|wants a copy of|was not happy with|will check", "|")
WHICH = words(
    "the delivery window for the second parcel|the invoice that was sent at the end of last month"
    "|the colour of the replacement item|the discount promised in the spring newsletter",
    "|",
)
SENTENCES = [f"{who} {what} {which}." for who in WHO for what in WHAT for which in WHICH]
HEX, BASE32 = "0123456789abcdef", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def fixed(characters: np.ndarray) -> pl.Series:
    """A row of characters each, as text."""
    count, width = characters.shape
    offsets = pa.py_buffer(np.arange(0, (count + 1) * width, width, dtype=np.int64))
    text = pa.py_buffer(np.ascontiguousarray(characters, np.uint8))
    return pl.Series(pl.from_arrow(pa.LargeStringArray.from_buffers(count, offsets, text)))


def drawn(rng: Random, count: int, width: int, alphabet: str) -> np.ndarray:
    """Random characters."""
    letters = np.frombuffer(alphabet.encode(), np.uint8)
    return letters[rng.integers(0, len(letters), (count, width))]


def among(rng: Random, count: int, pool: list[str]) -> pl.Series:
    """One of a few texts for each row."""
    return pl.Series(pool).gather(rng.integers(0, len(pool), count))


def joined(pattern: str, *parts: pl.Series) -> pl.Series:
    """Parts put into ``{}``."""
    return pl.select(pl.format(pattern, *map(pl.lit, parts))).to_series()


def either(rng: Random, count: int, texts: list[pl.Series]) -> pl.Series:
    """Each row's text from one of several."""
    chosen = pl.lit(pl.Series(rng.integers(0, len(texts), count)))
    return pl.select(pl.coalesce(pl.when(chosen == i).then(text) for i, text in enumerate(texts))).to_series()


def number(rng: Random, count: int, low: int, high: int, width: int = 1) -> pl.Series:
    """Numbers from ``low`` up to but without ``high``, with leading zeros."""
    return pl.Series(rng.integers(low, high, count)).cast(pl.String).str.zfill(width)


def cards(rng: Random, count: int) -> pl.Series:
    """Visa and Mastercard numbers with their Luhn digit."""
    digits = rng.integers(0, 10, (count, 16))
    visa = rng.random(count) < 0.5
    digits[:, 0] = np.where(visa, 4, 5)
    digits[:, 1] = np.where(visa, digits[:, 1], 1 + digits[:, 1] % 5)
    doubled = digits[:, :15:2] * 2
    total = (doubled - 9 * (doubled > 9)).sum(1) + digits[:, 1:15:2].sum(1)
    digits[:, 15] = -total % 10
    return fixed(digits + ord("0"))


def ibans(rng: Random, count: int) -> pl.Series:
    """German account numbers with their check digits modulo 97."""
    digits = rng.integers(0, 10, (count, 18))
    powers = np.array([pow(10, power, 97) for power in range(23, 5, -1)])
    check = 98 - (digits @ powers + 131_400) % 97
    text = np.concatenate([np.full((count, 2), [ord("D"), ord("E")]), check[:, None] // 10 + 48], axis=1)
    return fixed(np.concatenate([text, check[:, None] % 10 + 48, digits + 48], axis=1))


def phones(rng: Random, count: int) -> pl.Series:
    """American numbers in four spellings."""
    area = among(rng, count, AREAS)
    exchange = rng.integers(200, 999, count)
    exchange[(exchange % 100 == 11) | (exchange == 555)] += 2
    office, line = pl.Series(exchange).cast(pl.String), number(rng, count, 0, 10_000, 4)
    spellings = ("({}) {}-{}", "{}-{}-{}", "+1 {} {} {}", "+1-{}-{}-{}")
    return either(rng, count, [joined(one, area, office, line) for one in spellings])


def emails(rng: Random, count: int) -> pl.Series:
    """Addresses made of names and a number."""
    first, last = among(rng, count, FIRST).str.to_lowercase(), among(rng, count, LAST).str.to_lowercase()
    return joined("{}.{}{}@{}", first, last, number(rng, count, 1, 10_000), among(rng, count, DOMAINS))


def _ssns(rng: Random, count: int) -> pl.Series:
    area = number(rng, count, 1, 666, 3)
    return joined("{}-{}-{}", area, number(rng, count, 1, 100, 2), number(rng, count, 1, 10_000, 4))


def _ips(rng: Random, count: int) -> pl.Series:
    return joined("{}.{}.{}.{}", number(rng, count, 128, 224), *(number(rng, count, 100, 250) for _ in range(3)))


def _macs(rng: Random, count: int) -> pl.Series:
    return joined("00:1b:{}", fixed(drawn(rng, count, 8, HEX))).str.replace("(..)(..)(..)(..)$", "$1:$2:$3:$4")


def _passwords(rng: Random, count: int) -> pl.Series:
    user, secret = among(rng, count, LAST).str.to_lowercase(), fixed(drawn(rng, count, 12, BASE32))
    return joined("postgres://{}:{}@db{}.internal:5432/prod", user, secret, number(rng, count, 1, 100))


def _jwts(rng: Random, count: int) -> pl.Series:
    payload, signature = fixed(drawn(rng, count, 40, BASE64)), fixed(drawn(rng, count, 43, BASE64))
    return joined("eyJhbGciOiJIUzI1NiJ9.eyJ{}.{}", payload, signature)


KINDS: dict[str, Callable[[Random, int], pl.Series]] = {
    "EMAIL_ADDRESS": emails,
    "PHONE_NUMBER": phones,
    "CREDIT_CARD": cards,
    "US_SSN": _ssns,
    "IBAN_CODE": ibans,
    "IP_ADDRESS": _ips,
    "MAC_ADDRESS": _macs,
    "AWS_ACCESS_KEY": lambda rng, count: joined("AKIA{}", fixed(drawn(rng, count, 16, BASE32))),
    "URL_CREDENTIALS": _passwords,
    "JWT": _jwts,
}


def mixed(rng: Random, count: int, shares: dict[str, float]) -> tuple[pl.Series, pl.Series]:
    """Texts of several kinds, each row's kind drawn by its share; rows of no kind are null."""
    kinds = [*shares, None]
    drawn_kinds = rng.choice(len(kinds), count, p=[*shares.values(), max(0.0, 1 - sum(shares.values()))])
    cells = pl.Series("", [None], dtype=pl.String).new_from_index(0, count)
    for index, kind in enumerate(shares):
        at = np.flatnonzero(drawn_kinds == index)
        cells = cells.scatter(at, KINDS[kind](rng, len(at)))
    return cells, pl.Series(kinds, dtype=pl.String).gather(drawn_kinds)


def block(index: int, seed: int = SEED) -> pl.DataFrame:
    """One block of rows, with two more columns that say what notes and references hold."""
    rng, n = np.random.default_rng((seed, index)), BLOCK
    since = 1_600_000_000_000_000
    order, sentence = number(rng, n, 100_000, 1_000_000), among(rng, n, SENTENCES)
    planted, in_notes = mixed(rng, n, dict.fromkeys(KINDS, PLANTED / len(KINDS)))
    paid, in_payment = mixed(rng, n, {"CREDIT_CARD": 0.5, "IBAN_CODE": 0.3})
    opening = either(rng, n, [joined(one, order, number(rng, n, 10, 60)) for one in OPENINGS])
    item = joined("Contact or reference {} as noted. ", planted).fill_null("")
    notes = joined("{}{} {}{}", opening, sentence, item, among(rng, n, SENTENCES))
    middle = among(rng, n, ["", "", "", *(f" {letter}." for letter in "ABCDEFGJKLMRSTW")])
    house, street, city = number(rng, n, 1, 10_000), among(rng, n, STREETS), among(rng, n, CITIES)
    unique = fixed(drawn(rng, n, 32, HEX))
    return pl.DataFrame(
        {
            "customer_id": rng.integers(1, 5_000_000, n),
            "transaction_id": np.arange(index * n, (index + 1) * n) + 1_000_000_000,
            "amount": np.round(rng.gamma(2, 40, n), 2),
            "balance": np.round(rng.normal(2_000, 900, n), 2),
            "quantity": rng.integers(1, 20, n, dtype=np.int32),
            "is_active": rng.random(n) < 0.8,
            "is_fraud": rng.random(n) < 0.01,
            "created_at": pl.Series(since + rng.integers(0, 10**14, n)).cast(pl.Datetime("us")),
            "updated_at": pl.Series(since + rng.integers(0, 10**14, n)).cast(pl.Datetime("us")),
            "risk_score": rng.random(n, dtype=np.float32),
            "latitude": np.round(rng.uniform(25, 48, n), 6),
            "longitude": np.round(rng.uniform(-122, -70, n), 6),
            "status": among(rng, n, STATES),
            "order_uuid": unique.str.replace("(.{8})(.{4}).(.{3}).(.{3})(.{12})$", "$1-$2-4$3-a$4-$5"),
            "full_name": joined("{}{} {}", among(rng, n, FIRST), middle, among(rng, n, LAST)),
            "email": emails(rng, n),
            "phone": phones(rng, n).set(pl.Series(rng.random(n) < 0.03), None),
            "address": joined("{} {}, {} {}", house, street, city, number(rng, n, 501, 99_950, 5)),
            "notes": notes,
            "payment_ref": paid.fill_null(joined("INV-{}", number(rng, n, 0, 10**10, 10))),
            "in_notes": in_notes,
            "in_payment": in_payment,
        }
    )


WHOLE = {
    **{"full_name": "PERSON", "email": "EMAIL_ADDRESS", "phone": "PHONE_NUMBER", "address": "STREET_ADDRESS"},
    **{"latitude": "GEO_COORDINATES", "longitude": "GEO_COORDINATES"},
    **{"amount": "TRANSACTION_AMOUNT", "balance": "ACCOUNT_BALANCE"},
}


def blocks(rows: int, truth: dict[str, Counter[str]], seed: int = SEED) -> Iterator[pa.Table]:
    """The corpus block by block; what is in it is added up in ``truth``."""
    for index, done in enumerate(range(0, rows, BLOCK)):
        frame = block(index, seed).head(rows - done)
        for column, known in (("notes", "in_notes"), ("payment_ref", "in_payment")):
            counts = frame[known].drop_nulls().value_counts()
            truth.setdefault(column, Counter()).update(dict(counts.iter_rows()))
        for column, entity in WHOLE.items():
            truth.setdefault(column, Counter())[entity] += len(frame) - frame[column].null_count()
        table = frame.drop("in_notes", "in_payment").to_arrow(compat_level=pl.CompatLevel.oldest())
        plain = [pa.field(f.name, pa.string() if f.type == pa.large_string() else f.type) for f in table.schema]
        yield table.cast(pa.schema(plain))


def write(path: Path, rows: int, seed: int = SEED) -> Truth:
    """Write a corpus and what is in it; the memory taken does not depend on its length."""
    truth: dict[str, Counter[str]] = {}
    tables = blocks(rows, truth, seed)
    first = next(tables)
    part = path.with_suffix(".part")
    with pq.ParquetWriter(part, first.schema, compression="snappy") as writer:
        writer.write_table(first, row_group_size=BLOCK)
        for table in tables:
            writer.write_table(table, row_group_size=BLOCK)
    path.with_suffix(".truth.json").write_text(json.dumps(truth, indent=1, sort_keys=True))
    part.replace(path)
    return {column: dict(counts) for column, counts in truth.items()}


def truth_of(path: Path) -> Truth:
    """How many rows of each column hold what."""
    return json.loads(path.with_suffix(".truth.json").read_text())


def corpus(rows: int, seed: int = SEED) -> Path:
    """A corpus of that length, written once and kept in ``$BENCH_FOLDER``."""
    path = FOLDER / f"customers-{rows}-{seed}.parquet"
    if not path.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        write(path, rows, seed)
    return path


def main() -> None:
    """Write one corpus."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=int(os.environ.get("BENCH_ROWS", "1000000")))
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--out", type=Path, help="a .parquet file; in $BENCH_FOLDER if not given")
    arguments = parser.parse_args()
    if arguments.out:
        write(arguments.out, arguments.rows, arguments.seed)
    path = arguments.out or corpus(arguments.rows, arguments.seed)
    print(f"{path}: {arguments.rows:,} rows, {path.stat().st_size / 1e6:,.0f} MB")


if __name__ == "__main__":
    main()
