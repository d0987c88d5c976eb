"""Postcodes to the area that they begin with."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, model_validator

from airflow_mlsecops.sanitize._cells import exact
from airflow_mlsecops.sanitize._transformation import Means, Transformation

if TYPE_CHECKING:
    import polars as pl

_SAFE_HARBOR = 3
_LONGEST = 10
# Where at most 20,000 people live (2020 Census, Demographic and Housing Characteristics, table P1, by ZIP Code
# Tabulation Area). The list of 17 in the guidance of HHS (26 November 2012) is of the 2000 Census, and is not to be
# relied upon "if more current data has been published".
_SPARSE = "036 059 102 202-205 369 556 692 753 772 821 823 878-879 884 893"
# Where that census counted nobody: not assigned, military, boxes at post offices alone.
_EMPTY = """
    000-005 008 055 090-099 192 213 269 311 332 340 343 345 348 353 375 399 419 428-429 459 509 517-519 529 533 536 552
    555 568-569 578-579 589 621 632 642-643 649 659 663 682 694-699 702 709 715 732-733 742 771 817-819 839 842 848-849
    854 858 861-862 866-869 872 876 885-889 892 896 899 901 909 929 938 942 962-966 969 987
"""


class PostcodePrefix(Transformation):
    """Leave the beginning of a postcode: ``02139`` becomes ``021``.

    For the United States as Safe Harbor of HIPAA has it (45 CFR 164.514(b)(2)(i)(B)): three digits at most, and ``000``
    where at most 20,000 people live. ``2139`` is read as ``02139``, which lost its zero as a number; so is ZIP+4.
    Elsewhere letters are written in upper case, and what has no more characters than are kept becomes null.

    :param keep: characters that stay, 1 to 5; in the United States at most 3
    :param country: ISO 3166-1, two letters
    """

    strength: ClassVar[int] = 45
    recognisable: ClassVar[bool] = True
    coarser: ClassVar[bool] = True

    keep: int = Field(_SAFE_HARBOR, ge=1, le=5)
    country: str = Field("US", pattern="^[A-Z]{2}$")

    @model_validator(mode="after")
    def _safe_harbor(self) -> PostcodePrefix:
        if self.country == "US" and self.keep > _SAFE_HARBOR:
            raise ValueError(f"keep {self.keep} is more than the {_SAFE_HARBOR} digits of a ZIP code that may stay")
        return self

    def apply(self, cells: pl.Series, means: Means) -> pl.Series:
        """The prefixes, as text."""
        text = exact(cells).str.strip_chars()
        return (self._of_zip(text) if self.country == "US" else self._of_others(text)).alias(cells.name)

    def shape(self) -> str:
        """So many digits, or letters and digits."""
        return f"^[0-9{'' if self.country == 'US' else 'A-Z'}]{{{self.keep}}}$"

    def _of_zip(self, text: pl.Series) -> pl.Series:
        import polars as pl

        cell = pl.col("cell")
        five = cell.str.extract(r"^([0-9]{3,5})(?:-[0-9]{4})?$").str.zfill(5)
        # Nine digits without the hyphen, of which the first may be lost.
        nine = cell.str.extract("^([0-9]{7,9})$").str.zfill(9)
        code = pl.coalesce(five, nine)
        hidden = code.str.head(3).is_in(sorted(_hidden())) & (self.keep == _SAFE_HARBOR)
        prefix = pl.when(hidden).then(pl.lit("0" * self.keep)).otherwise(code.str.head(self.keep))
        return text.alias("cell").to_frame().select(pl.when(code.is_not_null()).then(prefix)).to_series()

    def _of_others(self, text: pl.Series) -> pl.Series:
        import polars as pl

        code = pl.col("cell").str.normalize("NFKC").str.to_uppercase().str.replace_all(r"[\s-]", "")
        whole = code.str.contains(rf"^[0-9A-Z]{{{self.keep + 1},{_LONGEST}}}$")
        return text.alias("cell").to_frame().select(pl.when(whole).then(code.str.head(self.keep))).to_series()


@cache
def _hidden() -> frozenset[str]:
    return frozenset(_prefixes(f"{_SPARSE} {_EMPTY}"))


def _prefixes(written: str) -> Iterator[str]:
    for part in written.split():
        first, _, last = part.partition("-")
        yield from (f"{number:03}" for number in range(int(first), int(last or first) + 1))


TRANSFORMATION = PostcodePrefix
