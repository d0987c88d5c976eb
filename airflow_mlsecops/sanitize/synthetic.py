"""Made-up values in the place of real ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from string import Formatter
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, field_validator

from airflow_mlsecops.sanitize._cells import by_value, exact_bytes
from airflow_mlsecops.sanitize._transformation import Means, PseudonymKey, Transformation

if TYPE_CHECKING:
    import numpy as np
    import polars as pl

# At most eight parts: a digest has so many numbers of 32 bits. There are enough ways to put them together that what is
# made up hardly ever meets something real.
_KINDS = {
    "name": "{first_name} {first_name} {last_name}",
    "email": "{user_name}.{hex}{hex}@{domain}",
    "username": "{user_name}.{hex}{hex}",
    "phone": "+1-{area}-555-01{line}",
    "address": "{number} {street_name}, {city}",
    "company": "{last_name}-{last_name} {company_suffix}",
    "text": "{word} {word} {word} {word} {word} {word} {word} {word}.",
}
_SHAPES = {
    "email": r"^[a-z0-9_.]+\.[0-9a-f]{8}@example\.(?:com|net|org)$",
    "username": r"^[a-z0-9_.]+\.[0-9a-f]{8}$",
    "phone": r"^\+1-[2-9][0-9]{2}-555-01[0-9]{2}$",
}
# Set apart for examples and fiction: RFC 2606, section 3; of the North American Numbering Plan 555-0100 to 555-0199.
_OWN = {
    "domain": ("example.com", "example.net", "example.org"),
    "area": tuple(str(code) for code in range(200, 1_000) if code % 100 != 11 and code // 10 % 10 != 9),
    "line": tuple(f"{number:02}" for number in range(100)),
    "number": tuple(str(number) for number in range(1, 10_000)),
    "hex": tuple(f"{number:04x}" for number in range(1 << 16)),
}
_USER_NAME = re.compile(r"[a-z0-9_.]+")
_DRAWN = 2_000
_TURNS = 8


class Synthetic(Transformation):
    """Replace every value by a made-up one, always the same for the same value and key.

    Names and words are those of `Faker <https://faker.readthedocs.io>`_ for the locale, drawn by a keyed hash of the
    value. Mail addresses are in domains that nobody can own, telephone numbers in ranges that are never assigned,
    whatever the locale. What comes out looks like the real thing and is found as such: the policy has to allow it.

    No value comes out that is among those that are replaced at once: it is drawn again. A value may therefore, once in
    many thousands, become something else beside other values; where tables must join, use ``pseudonymise``.

    :param kind: ``name``, ``email``, ``username``, ``phone``, ``address``, ``company`` or ``text``
    :param locale: language and country of names and words, ``en_US``; one of Faker's
    """

    strength: ClassVar[int] = 70
    recognisable: ClassVar[bool] = True
    keyed: ClassVar[bool] = True

    kind: Literal["name", "email", "username", "phone", "address", "company", "text"]
    locale: str = Field("en_US", pattern=r"^[a-z]{2,3}(_[A-Za-z]{2,4})?$")

    @field_validator("locale")
    @classmethod
    def _known(cls, locale: str) -> str:
        if locale != "en_US" and locale not in _locales():
            raise ValueError("Faker has no such locale: see https://faker.readthedocs.io/en/stable/locales.html")
        return locale

    def apply(self, cells: pl.Series, means: Means) -> pl.Series:
        """Made-up values, as text."""
        return by_value(exact_bytes(cells), lambda values: self._made_up(values, means.key))

    def shape(self) -> str | None:
        """What addresses, user names and numbers consist of."""
        return _SHAPES.get(self.kind)

    def key_id(self, means: Means) -> str:
        """Id of the current key."""
        return means.key.id

    def _made_up(self, values: pl.Series, key: PseudonymKey) -> pl.Series:
        import polars as pl

        made = self._drawn(values, key, 0)
        for turn in range(1, _TURNS + 1):
            taken = made.cast(pl.Binary).is_in(values.implode()).arg_true()
            if not len(taken):
                return made
            again = None if turn == _TURNS else self._drawn(values.gather(taken), key, turn)
            made = made.scatter(taken, again)
        return made

    def _drawn(self, values: pl.Series, key: PseudonymKey, turn: int) -> pl.Series:
        import numpy as np
        import polars as pl

        if not len(values):
            return pl.Series([], dtype=pl.String)
        digests = key.digests(f"synthetic {self.kind} {self.locale} {turn}", values.to_list())
        numbers = np.frombuffer(b"".join(digests), "<u4").reshape(len(values), -1)
        parts = [pl.lit(part) for part in self._parts(numbers)]
        return pl.select(pl.concat_str(parts)).to_series()

    def _parts(self, numbers: np.ndarray[tuple[int, int], np.dtype[np.uint32]]) -> Iterator[str | pl.Series]:
        import polars as pl

        pieces = [(text, name) for text, name, _, _ in Formatter().parse(_KINDS[self.kind])]
        for place, (text, name) in enumerate(pieces):
            yield text
            if name:
                words = _words(name, self.locale)
                yield pl.Series(words, dtype=pl.String).gather(numbers[:, place] % len(words))


@cache
def _words(name: str, locale: str) -> tuple[str, ...]:
    """What a part may be, always in the same order."""
    from faker import Faker

    if name in _OWN:
        return _OWN[name]
    faker = Faker(locale)
    faker.seed_instance(0)
    drawn = {str(getattr(faker, name)()) for _ in range(_DRAWN)}
    if name == "user_name":
        drawn = {word for word in drawn if _USER_NAME.fullmatch(word)} or {"someone"}
    return tuple(sorted(drawn))


@cache
def _locales() -> frozenset[str]:
    from faker.config import AVAILABLE_LOCALES

    return frozenset(AVAILABLE_LOCALES)


TRANSFORMATION = Synthetic
