"""Signs instead of letters and digits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field, field_validator

from airflow_mlsecops.sanitize._cells import by_value, exact
from airflow_mlsecops.sanitize._transformation import Means, Transformation
from airflow_mlsecops.scan.pattern import ascii_pattern, linear

if TYPE_CHECKING:
    import polars as pl

_SIGNS = 4
# In one of them matches nothing whatever does so anywhere: a word's edge, a line's, what is optional.
_PROBES = ("", "a", "a a")
_SEPARATORS = r"[^\p{L}\p{N}]+"


class Mask(Transformation):
    """Show the last characters at most: ``4111 1111 1111 1234`` becomes ``****1234``, as on receipts (PCI DSS 3.4.1).

    All cells that come out have the same length, which tells nothing of how long they were. Separators go, too.

    With a pattern only what matches is masked, and the rest of each cell stays: whether that was enough, the rescan
    decides. Spellings that the pattern does not know are let through.

    :param keep_last: letters and digits that stay, 0 to 4; none of a cell that has not twice as many of them
    :param sign: what stands for the others: one character that is neither letter, digit nor space
    :param pattern: what to mask inside the cells (RE2 syntax, which takes linear time); without it the whole cell
    """

    strength: ClassVar[int] = 50

    keep_last: int = Field(0, ge=0, le=4)
    sign: str = "*"
    pattern: str | None = Field(None, min_length=1, max_length=1_000)

    @field_validator("sign")
    @classmethod
    def _one_sign(cls, sign: str) -> str:
        if len(sign) != 1 or sign.isalnum() or sign.isspace() or not sign.isprintable():
            raise ValueError("it has to be one character that is neither letter nor digit nor space")
        return sign

    @field_validator("pattern")
    @classmethod
    def _linear(cls, pattern: str | None) -> str | None:
        empty = pattern is not None and any(match and not match[0] for match in map(_compiled(pattern).search, _PROBES))
        if empty:
            raise ValueError("it matches between two characters, where there is nothing to mask")
        return pattern

    @property
    def partial(self) -> bool:
        """True with a pattern."""
        return self.pattern is not None

    def apply(self, cells: pl.Series, means: Means) -> pl.Series:
        """The cells masked, as text."""
        text = exact(cells)
        if self.pattern is None:
            return self._masked(text)
        if self.keep_last:
            return by_value(text, self._inside)
        # A dollar sign would name a group.
        return text.str.replace_all(ascii_pattern(self.pattern), self._signs.replace("$", "$$"))

    @property
    def keeps(self) -> bool:
        """True if it shows the last characters, or masks only what a pattern matches."""
        return bool(self.keep_last) or self.pattern is not None

    def shape(self) -> str | None:
        """Signs, with the characters that stay; nothing can be said of cells of which only some is masked."""
        if self.pattern is not None:
            return None
        sign = re.escape(self.sign)
        signs = rf"{sign}{{{_SIGNS}}}"
        return f"^{signs}$" if not self.keep_last else rf"^{signs}(?:[\p{{L}}\p{{N}}]|{sign}){{{self.keep_last}}}$"

    @property
    def _signs(self) -> str:
        return self.sign * _SIGNS

    def _masked(self, text: pl.Series) -> pl.Series:
        import polars as pl

        signs = pl.lit(self._signs)
        letters = pl.col("cell").str.replace_all(_SEPARATORS, "")
        enough = letters.str.len_chars() >= max(1, 2 * self.keep_last)
        kept = pl.when(enough).then(letters.str.tail(self.keep_last)).otherwise(pl.lit(self.sign * self.keep_last))
        # concat_str of a null is null.
        cell = pl.concat_str(signs, pl.when(pl.col("cell").is_not_null()).then(kept))
        return text.alias("cell").to_frame().select(cell).to_series().alias(text.name)

    def _inside(self, texts: pl.Series) -> pl.Series:
        import polars as pl

        compiled = _compiled(self.pattern or "")
        masked = [compiled.sub(self._one, text) for text in texts.to_list()]
        return pl.Series(masked, dtype=pl.String)

    def _one(self, match: Any) -> str:
        if not match[0]:
            return ""
        letters = [letter for letter in match[0] if letter.isalnum()]
        enough = len(letters) >= max(1, 2 * self.keep_last)
        last = letters[len(letters) - self.keep_last :] if enough else [self.sign] * self.keep_last
        return self._signs + "".join(last)


def _compiled(pattern: str) -> Any:
    import polars as pl
    import re2

    try:
        pl.Series([""]).str.contains(ascii_pattern(pattern))
        return linear(pattern)
    except (re2.error, pl.exceptions.PolarsError):
        wrong = "it is not in the syntax that RE2 and Rust's regex share, which has no look-around and back-references"
    raise ValueError(wrong)


TRANSFORMATION = Mask
