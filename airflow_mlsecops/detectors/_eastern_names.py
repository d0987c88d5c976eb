"""Chinese, Japanese and Korean names of persons."""

from __future__ import annotations

import re

from airflow_mlsecops.detectors._gazetteer import common_words, family_names, given_names, is_place
from airflow_mlsecops.detectors._kana import romaji

EASTERN = re.compile(r"[\u3005\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff66-\uff9f]")


# Nine in ten Chinese have one of these family names, in simplified or traditional letters.
_CHINESE = re.compile(
    "(?:欧阳|歐陽|司马|司馬|诸葛|諸葛|上官|夏侯|慕容|令狐|皇甫|尉迟|端木|公孙|公孫|东方"
    "|[王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林罗羅高郑鄭梁谢謝宋唐许許韩韓邓鄧冯馮曹彭曾肖蕭萧田董潘袁蔡蒋蔣余于杜叶葉程魏苏蘇吕呂丁任卢盧"
    "姚沈钟鍾鐘姜崔谭譚陆陸范汪廖石金韦韋贾賈夏付傅方邹鄒熊白孟秦邱侯江尹薛闫閻段雷龙龍黎史陶贺賀毛郝顾顧龚龔邵万萬覃武钱錢戴严嚴莫孔向常汤湯康易乔喬赖賴文樊"
    "兰施洪庄莊詹游翁温溫殷颜顏倪章葛柯阮鲍鮑柏窦竇岑聂聶臧蔺藺祁苗霍虞柳骆駱褚鄢靳])[\u3400-\u9fff]{1,2}"
)


# As Chinese writes names of foreigners by their sound: 蒂姆·罗宾斯.
_FOREIGN = re.compile("[\u3400-\u9fff]{1,8}(?:·(?:[\u3400-\u9fff]{1,8}|[A-Z]\\.?)){1,4}")


def is_foreign(text: str) -> bool:
    """Two words of Chinese or more that a point in the middle parts."""
    return _FOREIGN.fullmatch(text) is not None


def is_chinese(text: str) -> bool:
    """As nine in ten Chinese are called, and one in eight of all other words: a column of such tells."""
    return _CHINESE.fullmatch(text) is not None


# What stands before the name of who represents a firm or an office in Japan: 代表取締役社長 井上 誠.
_OFFICE = re.compile(
    r"^(?:代表|取締役|執行役|社長|会長|理事長?|専務|常務|兼|委員長?|議長|[市町村]長|知事|[CE][A-Z]O)+\s+"
)


def is_eastern_name(text: str) -> bool:
    """A person's name in Chinese, Japanese or Korean letters, whole or a part of it."""
    bare = _OFFICE.sub("", text)
    return is_read(bare) or is_parted(bare) or is_eastern("".join(bare.split()))


def is_eastern_full(text: str) -> bool:
    """A family name and a given one, in three letters or more."""
    bare = _OFFICE.sub("", text)
    return is_read(bare) or is_parted(bare) or _is_whole("".join(bare.split()))


def _is_whole(text: str) -> bool:
    given, family = given_names(), family_names()
    listed = any(text[:length] in family and text[length:] in given for length in (1, 2))
    whole = is_korean(text) or is_foreign(text) or listed
    return len(text) > 2 and whole and not is_place(text) and text not in common_words()


def is_read(text: str) -> bool:
    """A Japanese name as it is read: two words of kana, a family's and a given one."""
    spelt = [romaji(part) for part in re.split("[ \u3000・]+", text.strip())]
    if len(spelt) != 2 or not all(len(part) > 1 for part in spelt):
        return False
    family, given = spelt
    families, givens = family_names(), given_names()
    return (family in families and given in givens) or (given in families and family in givens)


_GIVEN = re.compile("[\u3005\u3041-\u30ff\u3400-\u9fff]{1,5}")
# A word that ends so after a family name makes it a shop's, a place's or an office's: 鈴木 商店, 川崎 支店.
_NO_GIVEN = re.compile(
    "(?:[都道府県市区町村郡駅線店社院校園館部課局所室組会係号場寺城山川島港]|センター|ビル|クラブ|ホーム|工業|産業|建設|商事|電機"
    "|運輸|歯科|内科|医科|技研|製薬|製菓|[一二三四五六七八九十]+)$"
)


def is_parted(text: str) -> bool:
    """A Japanese family name and, after a space, a given one of which no list has all: ``鈴木 佑捺``."""
    parts = text.split()
    if len(parts) != 2 or not _GIVEN.fullmatch(parts[1]) or _NO_GIVEN.search(parts[1]):
        return False
    family, given = parts
    known = len(family) > 1 and family in family_names() and family not in common_words()
    return known and not is_place(given) and given not in common_words()


# Nine in ten Koreans have one of these family names and two syllables of these as a given name, in any pair: no list
# of given names has all pairs.
_KOREAN = re.compile(
    "[김이박최정강조윤장임한오서신권황안송류유전홍고문양손배백허남심노하곽성차주우구민진지엄채원천방공현함변염여추도소석선설마길연위표명기반라왕금옥]"
    "[가강건경계고관광구규근금기길나남노다단달대덕도동라란람래령로록리린림마만명모무문미민배범별병보복봉빈사산상새서석선설섭성세소솔송수숙순슬승시신아안애"
    "양언여연열영예오옥온완용우욱운웅원유윤율은을의이익인일임자재전정제조종주준중지진찬창채천철초춘충태택하한해향헌혁현형혜호홍화환황효훈휘희]"
    "[강건경구국권규균근금기길나남늘다담대덕도돈동두라란람래련령로록룡리린림만명모목무문미민배범별병복봉빈산상서석선설섭성세소솔송수숙순술슬승식신실아안애양"
    "연열엽영예오옥온완용우욱운웅원월유윤율은을음의이익인일임자재정제조종주준중지진찬창채천철초춘태택필하학한해향헌혁현형혜호홍화환효훈휘흠희]"
)


def is_korean(text: str) -> bool:
    return _KOREAN.fullmatch(text) is not None and not is_place(text) and text not in common_words()


def is_eastern(text: str) -> bool:
    """A Chinese, Japanese or Korean name: the family's first, and no word or place."""
    if len(text) < 2 or is_place(text) or text in common_words():
        return False
    given, family = given_names(), family_names()
    if any(text[:length] in family and text[length:] in given for length in (1, 2, 3)):
        return True
    if is_korean(text) or is_foreign(text):
        return True
    chinese = len(text) == 3 and text[0] in family and all("\u3400" <= character < "\ua000" for character in text)
    return chinese or text in family or text in given
