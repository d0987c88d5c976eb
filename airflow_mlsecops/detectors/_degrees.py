"""Degrees and callings around a name: ``Siti Aminah, S.Pd``, ``mgr inż. Jan Kowalski``, ``Dr. med. Anna Schmidt``."""

from __future__ import annotations

import re

from airflow_mlsecops.detectors._hints import words

# With a small letter after its last point (S.Pd, M.Kom, A.Md.Keb), which initials have not.
_POINTED = r"[A-Z][A-Za-z]{0,2}\.\s?(?:[A-Z][a-z]?\.\s?)?(?:[A-Z][a-z]{1,5}|OG|AK|PK|PD)\.?(?:\s?[A-Z]\.?)?"
_LISTED = "|".join(
    words("""
    Ph\\.?D\\.? M\\.?D\\.? DDS DMD DVM DNP DO RN BSN MSN NP FNP(?:-BC)? PA-C LPN LCSW MSW MPH MBA CPA CFA CFP JD Esq\\.?
    PharmD PsyD EdD MSc BSc MEng BEng MRCP FRCS FACS OBE MBE CBE QC KC CSc\\.? DrSc\\.? DiS\\.? LL\\.M\\.? LL\\.B\\.?
    S\\.?E S\\.?H S\\.?T M\\.?M M\\.?T S\\.?S M\\.?A Gr
    """)
)
_AFTER = re.compile(
    rf"(?:\s*,\s*|\s+)(?:{_POINTED}|{_LISTED})(?:[,\s]+(?:{_POINTED}|{_LISTED}|(?:[A-Z]\.){{2,3}}))*[.\s]*$"
)
_BEFORE = re.compile(
    r"^(?:(?:drs?|dra|ir|hj?|kh|mgr|inż|inz|ing|arch|hab|prof|doc|docent|lek|med|lic|mudr|judr|phdr|rndr|thdr|paeddr|pharmdr"
    r"|mvdr|bc|et|n|dent|vet|rer|nat|phil|jur|pol|oec|h\.? ?c|dipl|pd|priv|tech|geom|avv|rag|dott|dottssa|arq|lcdo|lcda"
    r"|ing\.? ?arch|-(?:ing|kfm|psych|wirt|inf|phys|chem|med|hdl|soz|päd))(?:\.-?|\s|(?=-))[\s\-]*)+"
    r"(?:(?:ing|kfm|psych|wirt|inf|phys|chem|med|hdl|soz|päd)\.\s*)*",
    re.IGNORECASE,
)


def without_degrees(cell: str) -> str:
    """A name without what its bearer has studied; the cell as it is where no two words would be left."""
    if not ("." in cell or "," in cell or cell[:1].islower()):
        return cell
    bare = _BEFORE.sub("", _AFTER.sub("", cell.strip()))
    return bare if len(bare.split()) > 1 else cell
