"""Pseudonyms: what was equal stays equal, and nobody without the key can tell what it was.

They are truncated HMAC-SHA-256 (RFC 2104; RFC 4868 truncates it to 128 bits too), one of the means that ENISA's
"Pseudonymisation techniques and best practices" (2019) recommends. For whoever holds the key they stay personal data
(GDPR, article 4(5)). One with ten decimal digits in a row, in which a scan might see a number, is made once more.

They do not keep the format of what they replace. Of the two methods of NIST SP 800-38G that do, FF3 was broken, and the
second draft of revision 1 (February 2025) removes it; FF1 needs a million possible values at the least, which dates and
postcodes do not have. On PyPI the package that most people use, ``ff3``, is of the one that was removed, ``pyffx`` is
neither and has rested since 2019, and those of FF1 are young. Besides, what looks like a card number is taken for one,
by the next scan and by people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from airflow_mlsecops.sanitize._cells import by_value, exact_bytes
from airflow_mlsecops.sanitize._errors import SanitizeError
from airflow_mlsecops.sanitize._transformation import Means, PseudonymKey, Transformation

if TYPE_CHECKING:
    import polars as pl

_BYTES = 16
# One pseudonym in a hundred thousand would hold a number of sixteen digits whose check digit is that of a card.
_LONG_NUMBER = "[0-9]{10}"


class Pseudonymise(Transformation):
    """Replace every value by 32 hexadecimal digits that depend on it and on the key alone, so that tables still join.

    :param key: ``previous`` for what is to be joined with pseudonyms from before the key was changed
    """

    strength: ClassVar[int] = 80
    keyed: ClassVar[bool] = True

    key: Literal["current", "previous"] = "current"

    def apply(self, cells: pl.Series, means: Means) -> pl.Series:
        """Pseudonyms, equal if and only if values are: 42, 42.0 and ``"42"`` are one value, ``Ann`` and ``ann`` two.

        :raises SanitizeError: if it is to use the previous key, and there is none
        """
        key = self._key(means)
        return by_value(exact_bytes(cells), lambda values: _pseudonyms(values, key))

    def shape(self) -> str:
        """Lower-case hexadecimal digits."""
        return rf"^[0-9a-f]{{{2 * _BYTES}}}$"

    def key_id(self, means: Means) -> str:
        """Id of the key that it uses.

        :raises SanitizeError: if that is the previous one, and there is none
        """
        return self._key(means).id

    def _key(self, means: Means) -> PseudonymKey:
        key = means.key if self.key == "current" else means.previous
        if key is None:
            raise SanitizeError(
                "pseudonymise(key=previous) was asked for, but there is no previous pseudonym key: "
                "give it beside the current one, or leave the parameter out",
                code="NO_PREVIOUS_KEY",
            )
        return key


def _pseudonyms(values: pl.Series, key: PseudonymKey, turn: int = 0) -> pl.Series:
    import polars as pl

    digests = key.digests(f"pseudonym {turn}" if turn else "pseudonym", values.to_list())
    made = pl.Series([digest[:_BYTES] for digest in digests], dtype=pl.Binary).bin.encode("hex")
    numbers = made.str.contains(_LONG_NUMBER).arg_true()
    return made.scatter(numbers, _pseudonyms(values.gather(numbers), key, turn + 1)) if len(numbers) else made


TRANSFORMATION = Pseudonymise
