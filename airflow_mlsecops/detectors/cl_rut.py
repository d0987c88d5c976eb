"""Identity and tax numbers of Chile (RUN, RUT): 12.345.678-5, with a check digit modulo 11 that may be K.

Source: Servicio de Registro Civil e Identificación. Persons have numbers below 50 million, companies above.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, shaped, weighted

_SHAPE = shaped(r"[0-9]{7,9}[0-9K]|[0-9]{7}")


def _check(number: str) -> bool:
    if not _SHAPE(number) or not 1_000_000 <= int(number[:-1]) < 50_000_000:
        return False
    rest = -weighted(number[-2::-1], (2, 3, 4, 5, 6, 7, 2, 3)) % 11
    return "0123456789K"[rest] == number[-1]


DETECTOR = official(
    name="CL_RUT",
    title="Chilean identity number (RUN, RUT)",
    tags=("Ley 19628",),
    form=r"[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3} ?-? ?[0-9K]",
    proof=r"[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}-[0-9Kk]",
    context="r\\.?u\\.?t|r\\.?u\\.?n|rol [uú]nico|c[eé]dula",
    check=_check,
    written=shaped(r"[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}-[0-9K]"),
    names="""
        rut rut_cliente rut_persona rut_paciente run_paciente rut_numero num_rut rol_unico_tributario rut_dv rut_chile
        run_persona rut_run run_rut numero_run
    """,
    not_names="""
        empresa proveedor
        rg ci uruguay time date test pipeline job log script
    """,
)
