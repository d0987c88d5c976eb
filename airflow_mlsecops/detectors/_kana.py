"""Japanese names as they are read, in kana, spelt in Latin letters as lists of names have them (Hepburn)."""

from __future__ import annotations

import re
import unicodedata

_VOWELS = "aiueo"
_ROWS = {
    "": "あいうえお", "k": "かきくけこ", "s": "さしすせそ", "t": "たちつてと", "n": "なにぬねの", "h": "はひふへほ",
    "m": "まみむめも", "r": "らりるれろ", "g": "がぎぐげご", "z": "ざじずぜぞ", "d": "だぢづでど", "b": "ばびぶべぼ",
    "p": "ぱぴぷぺぽ",
}  # fmt: skip
_OTHERS = {
    "や": "ya", "ゆ": "yu", "よ": "yo", "わ": "wa", "ゐ": "i", "ゑ": "e", "を": "o", "ん": "n", "ゔ": "vu",
    "し": "shi", "ち": "chi", "つ": "tsu", "ふ": "fu", "じ": "ji", "ぢ": "ji", "づ": "zu",
}  # fmt: skip
_SOUNDS = {kana: head + _VOWELS[place] for head, row in _ROWS.items() for place, kana in enumerate(row)} | _OTHERS
_SMALL = {"ゃ": "a", "ゅ": "u", "ょ": "o"}
_KANA = re.compile("[\u3041-\u3096\u309d-\u309eー]+")
_LONG = re.compile("(?<=[ou])u|(?<=o)o")


def romaji(text: str) -> str:
    """A word of kana in Latin letters without marks of length (``いとう`` is ``ito``); nothing for any other word."""
    word = "".join(map(_hiragana, unicodedata.normalize("NFKC", text)))
    if not _KANA.fullmatch(word):
        return ""
    spelt, doubled = "", False
    for kana in word:
        if kana in _SMALL:
            spelt = spelt[:-1] + ("" if spelt.endswith(("shi", "chi", "ji")) else "y") + _SMALL[kana]
        elif kana != "っ":
            sound = _SOUNDS.get(kana, "")
            spelt += sound[:1] + sound if doubled else sound
        doubled = kana == "っ"
    return _LONG.sub("", spelt)


def _hiragana(letter: str) -> str:
    return chr(ord(letter) - 0x60) if "\u30a1" <= letter <= "\u30f6" else letter
