"""Chinese names in Latin letters, of which no list has all: the family's first or last, and one or two syllables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from airflow_mlsecops.detectors._hints import words

_FAMILIES = frozenset(
    words("""
    wang li zhang liu chen yang huang zhao wu zhou xu sun ma zhu hu guo he lin gao luo zheng liang xie song tang deng
    han feng cao peng zeng xiao tian dong pan yuan cai jiang yu du ye cheng wei su lu ding ren lyu yao shen zhong cui
    tan fan liao shi jin jia xia fu fang zou xiong bai meng qin qiu hou yin xue yan duan lei long tao hao gu mao gong
    shao wan qian dai yi qiao lai wen pang lan shang kong ge nie kang xin zhai geng ning xiang ouyang sima zhuge
    """)
)
_SYLLABLE = (
    "(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|an|ao|ei|en|er|ia|ie|in"
    "|iu|ou|ua|ue|ui|un|uo|ve|a|e|i|o|u|v))"
)
_GIVEN = re.compile(f"{_SYLLABLE}{{1,2}}")
# Sounds that few other languages spell so: names of these syllables alone are as often Italian, Malay or English.
_CHINESE = re.compile(
    "^[xq]|[^aeiou][xq]|[aeioung][xq]|^z[hi]|zh|(?:iang|iong|uang|ong|iao|uai|ian|ui|uo|eng|ing)$|^j[ui]|^y[iu]"
)
_LONGEST = 12


def is_pinyin(parts: Sequence[str]) -> bool:
    """Two or three words, all Chinese syllables, one of the outer ones a family's name, one sounding like no other."""
    if not 2 <= len(parts) <= 3 or not all(len(part) <= _LONGEST and _GIVEN.fullmatch(part) for part in parts):
        return False
    for family, given in ((parts[0], parts[1:]), (parts[-1], parts[:-1])):
        if family in _FAMILIES and max(map(len, given)) > 2 and any(map(_CHINESE.search, parts)):
            return True
    return False
