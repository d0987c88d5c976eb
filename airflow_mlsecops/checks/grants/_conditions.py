"""Whether a condition of a policy holds of a request of which some is known.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
"""

from __future__ import annotations

import operator as compare
import re
from collections.abc import Callable, Mapping

from airflow_mlsecops.checks._narrowing import holds_off
from airflow_mlsecops.checks._statements import wildcard
from airflow_mlsecops.checks.grants._truth import Truth, any_of, no

Known = Mapping[str, str | None]  # by key in small letters; None where the key is surely missing
_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_QUANTIFIERS = ("", "foranyvalue", "forallvalues")
_COMPARED = ("equals", "lessthan", "lessthanequals", "greaterthan", "greaterthanequals")
_OPERATORS = frozenset(
    {
        *("stringequals", "stringnotequals", "stringequalsignorecase", "stringnotequalsignorecase"),
        *("stringlike", "stringnotlike", "arnequals", "arnnotequals", "arnlike", "arnnotlike"),
        *("ipaddress", "notipaddress", "bool", "null", "binaryequals"),
        *(f"{kind}{how}" for kind in ("numeric", "date") for how in (*_COMPARED, "notequals")),
    }
)  # one that AWS adds may hold or not
_WHO = frozenset({"aws:principalaccount", "aws:principalarn", "kms:calleraccount"})


def holds(operator: str, key: str, values: tuple[str, ...], known: Known, *, stranger: bool = False) -> Truth:
    """Decide a condition.

    :param operator: in small letters, as `key` is
    :param known: what is certain; a key that is not in it may have any value, or none
    :param stranger: true if whoever asks is of no account that any policy names
    """
    quantifier, _, rest = operator.rpartition(":")
    base = rest.removesuffix("ifexists")
    if quantifier not in _QUANTIFIERS or base not in _OPERATORS or rest == "nullifexists" or not values:
        return None
    if stranger and key in _WHO:
        return _of_a_stranger(operator, key, values)
    if key not in known:
        return None
    value = known[key]
    if base == "null":
        return any((value is None) == (wanted.lower() == "true") for wanted in values)
    negative = "not" in base
    if value is None:
        if base != rest or quantifier == "forallvalues":
            return True
        return None if quantifier and negative else negative
    met = any_of(_meets(base.replace("not", ""), value, substituted(one, known)) for one in values)
    return no(met) if negative else met


def substituted(pattern: str, known: Known) -> str | None:
    """A pattern with its variables filled in; ``None`` if one is not known."""
    if "${" not in pattern:
        return pattern
    values = [known.get(name.lower()) for name in _VARIABLE.findall(pattern)]
    if not values or not all(values):
        return None
    return _VARIABLE.sub(lambda found: known[found[1].lower()] or "", pattern)


def _of_a_stranger(operator: str, key: str, values: tuple[str, ...]) -> Truth:
    rest = operator.rpartition(":")[2]
    base = rest.removesuffix("ifexists")
    if operator.startswith("forallvalues:") or not holds_off(base.replace("not", ""), key, values):
        return None
    if "not" in base:
        return True  # whether the key says another account or, of nobody, nothing
    return False if base == rest else None


def _meets(base: str, value: str, wanted: str | None) -> Truth:
    if wanted is None:
        return None
    if base in _TEXTS:
        return _TEXTS[base](value, wanted)
    if base in _NUMBERS:
        try:
            return bool(_NUMBERS[base](float(value), float(wanted)))
        except ValueError:
            return None
    return None


def _arn(value: str, wanted: str) -> bool:
    ours, theirs = value.split(":", 5), wanted.split(":", 5)
    return len(ours) == len(theirs) == 6 and all(map(wildcard, theirs, ours))


_TEXTS: Mapping[str, Callable[[str, str], bool]] = {
    "stringequals": compare.eq,
    "stringequalsignorecase": lambda value, wanted: value.lower() == wanted.lower(),
    "stringlike": lambda value, wanted: wildcard(wanted, value),
    "arnequals": _arn,
    "arnlike": _arn,
    "bool": lambda value, wanted: value.lower() == wanted.lower(),
}
_NUMBERS: Mapping[str, Callable[[float, float], bool]] = {
    "numericequals": compare.eq,
    "numericlessthan": compare.lt,
    "numericlessthanequals": compare.le,
    "numericgreaterthan": compare.gt,
    "numericgreaterthanequals": compare.ge,
}
