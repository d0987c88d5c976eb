"""Individual Taxpayer Identification Numbers of the United States: 9NN-GG-NNNN with the groups that are issued.

Source: IRS, Internal Revenue Manual 3.21.263. There is no check digit. Nine bare digits count after words, or in
columns named so.
"""

from __future__ import annotations

from airflow_mlsecops.detectors._national import official, shaped

_SHAPE = shaped(r"9[0-9]{2}(?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-24-9])[0-9]{4}")


def _check(number: str) -> bool:
    return _SHAPE(number) is not None


DETECTOR = official(
    name="US_ITIN",
    title="US individual taxpayer identification number",
    tags=("CCPA", "GLBA"),
    form=r"9[0-9]{2}[ \-]?[0-9]{2}[ \-]?[0-9]{4}",
    proof=r"9[0-9]{2}-[5-9][0-9]-[0-9]{4}",
    context="itin|individual taxpayer id(?:entification)?",
    digits=9,
    check=_check,
    common=0.02,
    names="itin itin_no itin_number individual_taxpayer_identification_number individual_taxpayer_id us_itin",
)
