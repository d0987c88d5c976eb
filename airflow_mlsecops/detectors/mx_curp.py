"""Population registry codes of Mexico (CURP): name letters, date of birth, sex, state and a check digit.

Source: RENAPO, Instructivo normativo. Eighteen characters of one shape: proof wherever they stand.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, shaped, stdnum

DETECTOR = official(
    name="MX_CURP",
    title="Mexican population registry code (CURP)",
    tags=("LFPDPPP",),
    form=r"[A-Z]{4}[ \-]?[0-9]{6}[ \-]?[HMX][A-Z]{5}[ \-]?[0-9A-Z][0-9]",
    proof=r"[A-Z]{4}[0-9]{6}[HM][A-Z]{5}[0-9A-Z][0-9]",
    context="curp|clave [uú]nica de registro de poblaci[oó]n",
    check=stdnum("mx.curp"),
    written=shaped(r"[A-Z]{4}[0-9]{6}[HMX][A-Z]{5}[0-9A-Z][0-9]"),
    names="curp clave_curp curp_paciente clave_unica_de_registro_de_poblacion clave_unica",
)
