"""Personal Public Service numbers of Ireland: seven digits, a check letter and, since 2013, one more letter.

Source: Department of Social Protection. One such code in 23 passes: free text needs the word.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, stdnum

DETECTOR = official(
    name="IE_PPS",
    title="Irish Personal Public Service number",
    form=r"[0-9]{7}[ \-]?[A-W][ \-]?[A-IW]?",
    context="pps|ppsn|pps-?no|personal public service|rsi",
    check=stdnum("ie.pps"),
    names="pps pps_no pps_number ppsn ppsno pps_num personal_public_service_number rsi_number",
    not_names="packet rate per",
)
