"""Aadhaar numbers of India: twelve digits, the last of which is right after Verhoeff.

Source: UIDAI. None begins with 0 or 1, and palindromes are not issued. Four digits three times are the written form of
many other numbers, one in ten of which passes: in free text they count after words only.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, stdnum

DETECTOR = official(
    name="IN_AADHAAR",
    title="Indian Aadhaar number",
    tags=("DPDP",),
    form=r"[2-9][0-9]{3}[ \-]?[0-9]{4}[ \-]?[0-9]{4}",
    context="aadh?aar|adh?aar|aadh?ar|uidai|आधार|ஆதார்|ఆధార్|আধার",
    digits=12,
    check=stdnum("in_.aadhaar"),
    names="""
        आधार आधार_संख्या आधार_नंबर आधार_कार्ड आधार_क्रमांक ஆதார் ஆதார்_எண் ఆధార్ ఆధార్_నంబర్ ಆಧಾರ್ ആധാർ આધાર ਆਧਾਰ আধার
        aadhaar aadhar adhaar adhar aadhaarno aadhar_no aadhaar_no aadhaar_number aadhar_number aadhaar_num aadhar_card
        aadhaar_card aadhaar_id aadhar_id uidai uidai_no आधार आधार_संख्या
    """,
)
