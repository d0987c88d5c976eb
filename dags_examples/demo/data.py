"""A customer database as one meets it in the wild: several tables, nulls, odd formats, and nobody real in it.

The CRM is SQLite (``customers``, ``subscriptions``, ``campaigns``); two feeds arrive each day as Parquet: ``usage``,
with 100,000 rows, and ``support_notes``. Everything follows from a seed.
"""

from __future__ import annotations

import sqlite3
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

CUSTOMERS = 100_000
NOTES_A_DAY = 12_000
SEED = 20_261_123
TODAY = date(2026, 11, 23)

FIRST = (
    "Ana", "Aisha", "Amélie", "Björn", "Carlos", "Chidi", "Chloé", "Daniel", "Elena", "Emma", "Fatima", "Felix",
    "Giulia", "Grace", "Hana", "Hiroshi", "Ingrid", "Isabel", "Ivan", "James", "Jürgen", "José", "Karin",
    "Kwame", "Lars", "Leila", "Li", "Lucía", "Maria", "Mateo", "Mehmet", "Mia", "Mohammed", "Nadia", "Noah",
    "Olga", "Oliver", "Omar", "Priya", "Rafael", "Ravi", "Rosa", "Samuel", "Sara", "Siobhán", "Sofia", "Tariq",
    "Thomas", "Wei", "Yuki", "Yusuf", "Zoë",
)  # fmt: skip
LAST = (
    "Adeyemi", "Almeida", "Andersson", "Bauer", "Bianchi", "Brown", "Chen", "Costa", "Dubois", "Eriksen",
    "Fernández", "García", "Gupta", "Haddad", "Hansen", "Hoffmann", "Ivanova", "Jansen", "Johnson", "Kaya",
    "Kim", "Kowalski", "Kumar", "Lefèvre", "Lopez", "Martin", "Meyer", "Müller", "Nakamura", "Nguyen", "Novák",
    "O'Brien", "Okafor", "Oliveira", "Papadopoulos", "Patel", "Petrov", "Ricci", "Rossi", "Santos", "Schmidt",
    "Silva", "Singh", "Smith", "Sørensen", "Suzuki", "Tanaka", "Taylor", "Wagner", "Yılmaz",
)  # fmt: skip
MAILBOXES = ("example.com", "example.org", "example.net", "mail.example.com", "inbox.example.org")
STREETS = (
    "Hauptstr.", "Rua Augusta", "High Street", "Calle Mayor", "Avenue Foch", "Storgatan", "Via Roma", "Elm St",
    "Maple Ave", "Nowy Świat",
)  # fmt: skip
CITIES = (
    "Berlin", "São Paulo", "London", "Madrid", "Paris", "Stockholm", "Roma", "Austin", "Toronto", "Kraków",
    "Lagos", "Osaka", "Pune", "Sydney",
)  # fmt: skip
COUNTRIES = (
    "DE", "BR", "GB", "ES", "FR", "SE", "IT", "US", "CA", "PL", "NG", "JP", "IN", "AU",
)  # fmt: skip
# One way of writing a telephone number per country, as agents type them; # is a digit.
PHONES = (
    "+49 30 23125 ###", "+55 11 9####-####", "+44 20 7946 0###", "+34 91 2## ## ##", "+33 1 42 ## ## ##",
    "+46 8 5## ### ##", "+39 06 698 #####", "(512) 555-01##", "416-555-01##", "+48 22 5## ## ##",
    "+234 803 ### ####", "+81 90-####-####", "+91 98### #####", "+61 2 9### ####",
)  # fmt: skip
NO_MAIL = (None, "", "n/a", "-")
CHANNELS = ("web", "shop", "partner", "phone", "referral")
PLANS = (("basic", 9.9), ("plus", 19.9), ("family", 29.9), ("business", 59.0))
CAMPAIGNS = ("spring", "back to school", "win-back", "loyalty", "none")
TOPICS = (
    "Asked for a copy of the last invoice",
    "Router restarts every evening, sent a replacement",
    "Wants to change from basic to plus next month",
    "App shows a blank page after the update",
    "Very happy with the new price",
    "Complains about slow speed since the weekend",
    "Asked how to cancel, offered three months at half price",
    "Could not log in, password reset by link",
    "Called about roaming, explained the zones",
)
CLOSINGS = (
    "",
    "Closed.",
    "Will call back tomorrow.",
    "Ticket stays open.",
    "Customer is fine with it.",
    "Escalated to level two.",
)


def make_crm(path: Path, *, seed: int = SEED) -> None:
    """Write the CRM's database."""
    customers = make_customers(seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    try:
        for name, table in (
            ("customers", customers),
            ("subscriptions", make_subscriptions(seed)),
            ("campaigns", make_campaigns(customers, seed)),
        ):
            _insert(connection, name, table)
        connection.commit()
    finally:
        connection.close()


def make_feeds(folder: Path, day: date, *, ssns: bool = False, phones: bool = False) -> None:
    """Write what arrives on one day.

    :param ssns: agents have written social security numbers into their notes
    :param phones: agents have written telephone numbers into their notes
    """
    seed = SEED + day.toordinal()
    there = folder / day.isoformat()
    there.mkdir(parents=True, exist_ok=True)
    make_usage(seed).write_parquet(there / "usage.parquet")
    make_notes(seed, ssns=ssns, phones=phones).write_parquet(there / "support_notes.parquet")


def make_customers(seed: int, rows: int = CUSTOMERS) -> pl.DataFrame:
    """People: names, e-mail addresses in odd formats, telephones of fourteen countries, dates in four spellings."""
    import numpy as np
    import polars as pl

    dice = np.random.default_rng(seed)
    first, last = _pick(dice, FIRST, rows), _pick(dice, LAST, rows)
    place = dice.integers(0, len(COUNTRIES), rows)
    number = pl.Series(dice.integers(1, 240, rows).astype(str))
    frame = pl.DataFrame({"first": first, "last": last, "n": np.arange(rows), "mailbox": _pick(dice, MAILBOXES, rows)})
    return frame.select(
        customer_id=_customer_id(),
        full_name=_name(dice, rows),
        email=_email(dice, rows),
        phone=_phones(dice, place),
        birth_date=_odd_dates(dice, rows, since=25_000, until=6_600),
        street=pl.lit(_pick(dice, STREETS, rows)) + " " + pl.lit(number),
        city=pl.lit(pl.Series(np.array(CITIES)[place])),
        country=pl.lit(pl.Series(np.array(COUNTRIES)[place])),
        signed_up=_odd_dates(dice, rows, since=3_000, until=30),
        channel=pl.lit(_pick(dice, CHANNELS, rows)),
    )


def make_subscriptions(seed: int, rows: int = CUSTOMERS) -> pl.DataFrame:
    """Contracts, and whether they were ended: the label."""
    import numpy as np
    import polars as pl

    dice = np.random.default_rng(seed + 1)
    plan = dice.choice(len(PLANS), rows, p=(0.45, 0.3, 0.15, 0.1))
    months, late = dice.gamma(2.0, 12.0, rows).astype(int), dice.poisson(0.4, rows)
    # What people do differs by customer, not by day: usage draws its means from the same seed.
    score = 2.2 * _mood(rows) - 0.05 * months + 0.9 * late - 0.2 * plan - 1.0
    return pl.DataFrame(
        {
            "customer_id": np.arange(rows),
            "plan": np.array([name for name, _ in PLANS])[plan],
            "monthly_price": np.array([price for _, price in PLANS])[plan],
            "months": months,
            "late_payments": late,
            "churned": (dice.random(rows) < 1 / (1 + np.exp(-score))).astype(int),
        }
    ).with_columns(customer_id=_customer_id("customer_id"))


def make_campaigns(customers: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Which campaign reached whom; its export also carries how to reach them."""
    import numpy as np
    import polars as pl

    dice = np.random.default_rng(seed + 2)
    rows = customers.height
    # One in thirty answered from an address that the CRM does not know.
    other = pl.lit(pl.Series(dice.random(rows) < 0.033))
    own = pl.format("{}@campaigns.example.com", pl.col("customer_id").str.to_lowercase())
    return customers.select(
        "customer_id",
        campaign=pl.lit(_pick(dice, CAMPAIGNS, rows)),
        contact_hint=pl.when(other).then(own).otherwise("email"),
    )


def make_usage(seed: int, rows: int = CUSTOMERS) -> pl.DataFrame:
    """What each customer did today, with gaps where a meter was silent."""
    import numpy as np
    import polars as pl

    dice = np.random.default_rng(seed)
    mood = _mood(rows)
    minutes = dice.gamma(2.0, 40.0 * np.exp(-0.5 * mood), rows).round(1)
    return pl.DataFrame(
        {
            "customer_id": np.arange(rows),
            "logins": dice.poisson(6.0 * np.exp(-0.7 * mood), rows),
            "minutes": np.where(dice.random(rows) < 0.03, np.nan, minutes),
            "gigabytes": dice.gamma(1.5, 2.0, rows).round(2),
            "errors": dice.poisson(np.exp(0.6 * mood), rows),
            "device": np.array(["android", "ios", "web", "tv"])[dice.integers(0, 4, rows)],
        }
    ).with_columns(customer_id=_customer_id("customer_id"), minutes=pl.col("minutes").fill_nan(None))


def make_notes(seed: int, *, ssns: bool = False, phones: bool = False, rows: int = NOTES_A_DAY) -> pl.DataFrame:
    """Free text by support agents; what does not belong there stands in one note of a hundred."""
    import numpy as np
    import polars as pl

    dice = np.random.default_rng(seed + 3)
    frame = pl.DataFrame({"n": np.sort(dice.choice(CUSTOMERS, rows, replace=False))})
    note = pl.lit(_pick(dice, TOPICS, rows)) + ". " + pl.lit(_pick(dice, CLOSINGS, rows))
    some = pl.lit(pl.Series(dice.random(rows) < 0.01))
    if ssns:
        note = pl.when(some).then(note + " Verified by SSN " + pl.lit(_ssns(dice, rows))).otherwise(note)
    if phones:
        place = dice.integers(0, len(PHONES), rows)
        note = pl.when(some).then(note + " Prefers to be called on " + _phones(dice, place)).otherwise(note)
    return frame.select(
        customer_id=_customer_id(),
        note=note.str.strip_chars(),
        agent=pl.lit(_pick(dice, tuple(f"agent {n:02}" for n in range(1, 31)), rows)),
        minutes_spent=pl.lit(pl.Series(dice.poisson(7, rows))),
    )


def _insert(connection: sqlite3.Connection, name: str, table: pl.DataFrame) -> None:
    columns = ", ".join(f"{column} {_sqlite_type(kind)}" for column, kind in table.schema.items())
    connection.execute(f"CREATE TABLE {name} ({columns})")
    marks = ", ".join("?" * table.width)
    connection.executemany(f"INSERT INTO {name} VALUES ({marks})", table.rows())


def _sqlite_type(kind: pl.DataType) -> str:
    if kind.is_integer():
        return "INTEGER"
    return "REAL" if kind.is_numeric() else "TEXT"


def _mood(rows: int) -> np.ndarray:
    """How unhappy each customer is, which nobody measures: the model must guess it from what they do."""
    import numpy as np

    return np.random.default_rng(SEED + 4).normal(size=rows)


def _pick(dice: np.random.Generator, words: tuple[str, ...] | list[str], rows: int) -> pl.Series:
    import numpy as np
    import polars as pl

    return pl.Series(np.array(words, dtype=object)[dice.integers(0, len(words), rows)], dtype=pl.String)


def _customer_id(column: str = "n") -> pl.Expr:
    import polars as pl

    return pl.format("C-{}", pl.col(column).cast(pl.String).str.zfill(6))


def _name(dice: np.random.Generator, rows: int) -> pl.Expr:
    import polars as pl

    style = pl.lit(pl.Series(dice.random(rows)))
    plain = pl.format("{} {}", "first", "last")
    return pl.when(style < 0.1).then(pl.format("{}, {}", "last", "first")).when(style < 0.15).then(
        plain.str.to_uppercase()
    ).when(style < 0.18).then(pl.format(" {} ", plain)).otherwise(plain)  # fmt: skip


def _email(dice: np.random.Generator, rows: int) -> pl.Expr:
    import polars as pl

    style = pl.lit(pl.Series(dice.random(rows)))
    local = pl.format("{}.{}{}", "first", "last", "n").str.to_lowercase().str.normalize("NFKD").str.replace_all(
        "[^a-z0-9.]", ""
    )  # fmt: skip
    plain = pl.format("{}@{}", local, "mailbox")
    return (
        pl.when(style < 0.04).then(pl.lit(_pick(dice, NO_MAIL, rows)))
        .when(style < 0.10).then(plain.str.to_uppercase())
        .when(style < 0.13).then(pl.format("{} {} <{}>", "first", "last", plain))
        .when(style < 0.15).then(pl.format(" {} ", plain))
        .when(style < 0.17).then(pl.format("{}; {}+old@{}", plain, local, "mailbox"))
        .otherwise(plain)
    )  # fmt: skip


def _phones(dice: np.random.Generator, place: np.ndarray) -> pl.Expr:
    """Telephone numbers, each in the spelling of its country; one in fifty is missing."""
    import numpy as np
    import polars as pl

    rows = len(place)
    numbers = np.array([list(shape.ljust(20)) for shape in PHONES])[place]
    digits = dice.integers(0, 10, numbers.shape).astype("U1")
    written = pl.Series(np.ascontiguousarray(np.where(numbers == "#", digits, numbers)).view("U20").ravel())
    there = pl.lit(pl.Series(dice.random(rows) > 0.02))
    return pl.when(there).then(pl.lit(written).str.strip_chars_end())


def _odd_dates(dice: np.random.Generator, rows: int, *, since: int, until: int) -> pl.Expr:
    """Days before today, spelt as four systems before this one spelt them."""
    import numpy as np
    import polars as pl

    days = np.datetime64(TODAY - timedelta(days=since)) + dice.integers(0, since - until, rows).astype("timedelta64[D]")
    day, style = pl.lit(pl.Series(days)), pl.lit(pl.Series(dice.random(rows)))
    return (
        pl.when(style < 0.7).then(day.dt.to_string("%Y-%m-%d"))
        .when(style < 0.85).then(day.dt.to_string("%d/%m/%Y"))
        .when(style < 0.93).then(day.dt.to_string("%b %-d, %Y"))
        .when(style < 0.98).then(day.dt.to_string("%d.%m.%y"))
    )  # fmt: skip


def _ssns(dice: np.random.Generator, rows: int) -> pl.Series:
    """Numbers in areas, groups and series that were issued."""
    import numpy as np
    import polars as pl

    area, group, serial = dice.integers(100, 650, rows), dice.integers(10, 100, rows), dice.integers(1000, 10_000, rows)
    parts = zip(area, group, serial, strict=True)
    return pl.Series(np.array([f"{a}-{g}-{s}" for a, g, s in parts], dtype=object), dtype=pl.String)
