"""Taxpayer numbers of Ukraine (RNTRC): days from the end of 1899 to birth, serial and a check digit; ten digits.

Source: Податковий кодекс України, ст. 70. Seconds since 1970 are ten digits, too.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, stdnum

DETECTOR = official(
    name="UA_RNTRC",
    title="Ukrainian taxpayer number (RNTRC)",
    form=r"[0-9]{10}",
    context="рнокпп|іпн|ідентифікаційний номер|ідентифікаційний код|rntrc|rnokpp",
    digits=10,
    check=stdnum("ua.rntrc"),
    common=0.0005,
    names="rntrc rnokpp ipn рнокпп іпн ідентифікаційний_номер ідентифікаційний_код",
)
