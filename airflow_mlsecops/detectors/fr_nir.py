"""Social security numbers of France (NIR): sex, year, month, place and order of birth, and a key modulo 97.

Source: INSEE. Corsica has 2A and 2B for a department. Written 1 85 05 78 006 084 36, which proves it.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, shaped

# Months 20 to 42 and 50 to 99 stand for those that are not known.
_SHAPE = shaped(r"[12378][0-9]{2}(?:0[1-9]|1[0-2]|[2-9][0-9])(?:[0-9]{2}|2[AB])[0-9]{8}")


def _check(number: str) -> bool:
    if not _SHAPE(number):
        return False
    plain = number.replace("2A", "19", 1).replace("2B", "18", 1) if not number.isdecimal() else number
    return 97 - int(plain[:13]) % 97 == int(plain[13:])


def _known(number: str) -> bool:
    return number[0] in "12" and (number[3:5] <= "12" or number[3] in "23") and _check(number)


DETECTOR = official(
    name="FR_NIR",
    title="French social security number (NIR)",
    form=r"[1-478] ?[0-9]{2} ?[0-9]{2} ?(?:[0-9]{2}|2[ABab]) ?[0-9]{3} ?[0-9]{3}(?:[ /\-]{0,3}[0-9]{2})?",
    proof=r"[12] [0-9]{2} [0-9]{2} (?:[0-9]{2}|2[AB]) [0-9]{3} [0-9]{3}(?: |/| / )[0-9]{2}",
    context="nir|s[eé]curit[eé] sociale|s[eé]cu|insee|num[eé]ro de s[eé]cu",
    check=_check,
    written=shaped(r"[12] [0-9]{2} (?:0[1-9]|1[0-2]) (?:[0-9]{2}|2[AB]) [0-9]{3} [0-9]{3}(?: [0-9]{2})?"),
    known=_known,
    names="""
        nir numero_nir num_secu numero_secu num_secu_sociale numero_securite_sociale numero_de_securite_sociale
        securite_sociale no_secu no_ss numsecu nss nir_patient n_securite_sociale
        secu n_secu numero_insee
    """,
    not_names="spectrum",
)
