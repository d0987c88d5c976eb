"""Words by which addresses of South and South-East Asia, Africa and parts of Europe are told, that name no street."""

from __future__ import annotations

import re

# Each with a number is an address: a neighbourhood of Indonesia, a house of India, a lane of Thailand or Viet Nam.
_SURE = re.compile(
    r"\brt\b[ .:]*[0-9]{1,3}[ ,/]{0,3}(?:rw\b[ .:]*)?[0-9]{1,3}"
    r"|\b(?:dsn|dusun|dk|dukuh|ds|desa|kp|kampung|gg|gang|perum|perumahan|komplek|jl|jln|jalan)\b\.? [a-z][^\n]{1,60}"
    r"(?:\bno\b|\brt\b|[0-9]{1,3}[a-z]?/[0-9]{1,3}\b|[0-9]{1,4}\b)"
    r"|\b(?:flat|house|door|plot|shop|h|d|qtr|bldg)\.? ?no\b\.?[ :]*[0-9a-z]{1,4}[-/0-9a-z]*[, ]+[a-z#][^\n]{3,}"
    r"|\b(?:brgy|barangay|purok|sitio)\b\.?"
    r"|(?:मकान|फ्लैट|प्लॉट|सेक्टर|गली|वार्ड|रोड|मार्ग|नगर|कॉलोनी|लाइन्स|मोहल्ला|ग्राम)"
    # An abbreviation alone is a class of a school (ม.3), a district alone a place (Quận 1).
    r"|(?:หมู่|ถนน|ซอย|ตำบล|อำเภอ|ถ\.|ซ\.)|(?:ม\.|ต\.|อ\.|แขวง|เขต).*(?:ม\.|ต\.|อ\.|จ\.|แขวง|เขต)"
    r"|^(?:số |[0-9]+[a-z]?(?:/[0-9]+)*[ ,]).*(?:đường|phố|quận|phường|hẻm|ngõ|xã|[pq]\.)"
    r"|(?:^|[\s,])(?:số|ngõ|ngách|hẻm|kiệt|thôn|ấp|tổ|khu phố) [0-9]+[^\n]*[ ,][^\W\d_]{2}"
    r"|(?:^|[\s,])(?:λεωφ|οδός|οδ|πλ|πλατεία|βασ|αγ|αγίου|αγίας)\b\.?"
    # Streets of Czechia have no word for street: they are adjectives, or stand after where.
    r"|^(?:[^\W\d_]{3,}(?:ova|ská|cká|ní|lá|há|ná|rá|vá|tá)|(?:na|pod|nad|za|u|v|k|ke) [^\W\d_]{3,}(?: [^\W\d_]{3,})?)"
    r" [0-9]{1,4}(?:/[0-9]{1,4}[a-z]?)?$"
    # Those of German villages stand where a mill or a meadow was.
    r"|^(?:am|im|an de[rnm]|in de[rn]|zu[rm]|beim|hinterm|unterm|auf de[rmn]) (?:[^\W\d_]+ )?"
    r"[^\W\d_-]{5,}(?:-[^\W\d_]+)? [0-9]{1,3} ?[a-z]?(?:, .*)?$",
    re.IGNORECASE,
)
# Two of these, or one with a street: a phase, a lot or a zone alone is something else's.
_WEAK = re.compile(
    r"\b(?:flat|house|plot|block|blk|lot|phase|sector|unit|villa|km|estate|road|street|avenue|salai|nagar|marg|colony"
    r"|layout|cross|vill|village|near|opp|behind|apartments?|apts|residency|enclave|society|crescent|close|way|drive)\b\.?",
    re.IGNORECASE,
)
_NUMERAL = re.compile("[0-9]")


def is_marked(cell: str) -> bool:
    """True if a cell has a number and words of an address beside it."""
    if not _NUMERAL.search(cell):
        return False
    weak = {word.casefold().rstrip(".") for word in _WEAK.findall(cell)}
    return _SURE.search(cell) is not None or (len(weak) > 1 and "," in cell)
