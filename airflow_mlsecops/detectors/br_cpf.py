"""Taxpayer numbers of persons in Brazil (CPF): nine digits and two check digits modulo 11, written 123.456.789-09.

Source: Receita Federal. One digit eleven times passes the check and is never issued.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, shaped, weighted

_WEIGHTS = (11, 10, 9, 8, 7, 6, 5, 4, 3, 2)


def _check(number: str) -> bool:
    first = -weighted(number[:9], _WEIGHTS[1:]) % 11 % 10
    second = -weighted(number[:10], _WEIGHTS) % 11 % 10
    return number[9:] == f"{first}{second}"


DETECTOR = official(
    name="BR_CPF",
    title="Brazilian taxpayer number (CPF)",
    tags=("LGPD",),
    form=r"[0-9]{3}[. ]?[0-9]{3}[. ]?[0-9]{3}[\-./ ]?[0-9]{2}",
    proof=r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}",
    context="cpf|cadastro de pessoas? f[ií]sicas?|c\\.p\\.f",
    digits=11,
    check=_check,
    written=shaped(r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}-[0-9]{2}"),
    names="""
        cpf cpf_cliente nr_cpf num_cpf numero_cpf cpf_number cpf_titular cpf_cnpj cpfcnpj nrcpf nu_cpf cd_cpf co_cpf
        cadastro_pessoa_fisica cadastro_de_pessoa_fisica
    """,
)
