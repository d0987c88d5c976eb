"""Tax identification numbers of Germany (IdNr): ten digits, one of them repeated, and an ISO 7064 MOD 11,10 digit.

Source: Bundeszentralamt für Steuern, § 139b AO. Croatia's OIB has the same length and check digit, without the
repetition.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, stdnum

DETECTOR = official(
    name="DE_TAX_ID",
    title="German tax identification number",
    form=r"[1-9][0-9][ \-]?[0-9]{3}[ \-]?[0-9]{3}[ \-]?[0-9]{3}",
    context="steuer-?id|steueridentifikations[a-z]*|steuerliche identifikations[a-z]*|idnr|tax id",
    digits=11,
    check=stdnum("de.idnr"),
    names="""
        steuer_id steuerid steuer_identifikationsnummer steueridentifikationsnummer steueridentnummer steuer_ident
        idnr steuer_idnr steueridnr identifikationsnummer tax_id_de german_tax_id
    """,
)
