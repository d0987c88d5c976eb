"""What recognises one kind of sensitive data in a column."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from airflow_mlsecops.core.entity import Entity


def anything(_candidate: str) -> bool:
    """Accept every candidate: the pattern alone is proof enough."""
    return True


def alphanumeric(candidate: str) -> tuple[str, ...]:
    """The candidate itself without case, spaces or punctuation."""
    return ("".join(character for character in candidate.casefold() if character.isalnum()),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detector:
    """One file in ``detectors/`` holds one of these, as ``DETECTOR``; one table in ``tests/detectors/`` proves it.

    Patterns use the syntax that RE2 and Rust's ``regex`` share: no look-around, no back-references. ``\\b``, ``\\d``,
    ``\\s`` and ``\\w`` mean ASCII. A match is a *candidate*; only what ``validate`` accepts counts.

    :param entity: what it recognises
    :param pattern: finds candidates in any column; ``None`` if the values alone prove nothing
    :param named_pattern: finds candidates only in columns whose name fits ``names`` (bare digits are a phone number in
        ``phone``, not in ``order_total``)
    :param validate: pure; one candidate in (trimmed of nothing), true if it really is the entity
    :param sure: cells that it matches hold the entity beyond doubt, which spares a million of them ``validate`` each;
        must match nothing in which ``validate`` would refuse every candidate
    :param values: pure; what an accepted candidate holds, in the one spelling by which datasets are compared
    :param names: column-name hints: lower-case words joined by ``_`` that must appear as whole consecutive words of
        the column's name (``e_mail`` fits ``contactEMail``; ``mail`` does not fit ``mailbox``)
    :param not_names: words that deny a hint (``verified`` in ``email_verified``); without ``names``, words that keep
        ``pattern`` too from a column (``version`` holds no IP address)
    :param checked: true if ``validate`` proves something beyond the pattern's shape (a check digit, an issued range)
    """

    entity: Entity
    pattern: str | None = None
    named_pattern: str | None = None
    validate: Callable[[str], bool] = anything
    sure: str | None = None
    values: Callable[[str], Iterable[str]] = alphanumeric
    names: tuple[str, ...] = ()
    not_names: tuple[str, ...] = ()
    checked: bool = False

    def __post_init__(self) -> None:
        if self.pattern is None and self.named_pattern is None:
            raise ValueError(f"detector of {self.entity.name} has neither pattern nor named_pattern")
        if self.named_pattern is not None and not self.names:
            raise ValueError(f"detector of {self.entity.name} has a named_pattern but no names to bind it to")
