"""Accounts on social networks: addresses of persons' profiles, or handles in columns named so.

``linkedin.com/in/…`` is a person's by definition (companies have ``/company/…``); accounts of X, Instagram or GitHub
are persons', shops' and projects', so that a column of them counts and a single link in a text does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._hints import FLAGS, words

_PERSON = re.compile(
    r"(?:linkedin\.com/(?:in|pub)|xing\.com/profile|facebook\.com/people)/([^\s/?#\"'<>,;)]{3,100})"
    r"|facebook\.com/profile\.php\?id=([0-9]{5,20})",
    re.IGNORECASE,
)
_PROFILE = re.compile(
    r"(?:https?://)?(?:www\.|m\.|mobile\.)?(?:(?:twitter|x|instagram|facebook|github|gitlab|tiktok|t|threads|vk|pinterest)"
    r"\.(?:com|me|net)|bsky\.app/profile|reddit\.com/u(?:ser)?|keybase\.io|medium\.com)/@?([\w.-]{2,40})/?(?:\?.*)?",
    re.IGNORECASE,
)
_PAGES = frozenset(
    words("intent share sharer hashtag search home i explore login about p reel status groups events pages sharer.php")
)
# Keys of JSON-LD.
_KEYWORDS = frozenset(words("@type @context @id @graph @value @language @list @set @vocab @base @container @reverse"))
_HANDLE = re.compile(r"@?[^\W_][\w.\-]{1,40}|@[\w.\-]{2,40}(?:@[\w.\-]+)?|.{2,32}#[0-9]{4}")


def _profiles(run: str) -> Iterator[Span]:
    return ((*match.span(), (match[1] or match[2]).casefold()) for match in _PERSON.finditer(run))


def _handle(cell: str) -> str:
    profile = _PROFILE.fullmatch(cell[:200])
    handle = profile[1] if profile else cell.removeprefix("@")
    plain = profile or next(_profiles(cell), None) or (_HANDLE.fullmatch(cell) and any(c.isalpha() for c in cell))
    flag = cell.lower() in ("true", "false", "yes", "no", "none", "null", "nan", "unknown") or cell in _KEYWORDS
    return handle.casefold() if plain and not flag and handle.lower() not in _PAGES else ""


# "Item #0012" and "unit#1004" are no tags: nobody is called so.
_TAG = re.compile(r"(.{2,32})#[0-9]{4}")
_NUMBERED = re.compile(
    r"(?:item|order|unit|apt|apartment|suite|ste|room|no|nr|po|case|ticket|issue|bug|task|lot|box|invoice|store|shop"
    r"|page|part|batch|level|episode|ep|vol|chapter|version|player|user|guest|id|code|track|test|bus|gate|line|route)"
    r" ?#[0-9]{4}",
    re.IGNORECASE,
)


def _is_tag(cell: str) -> bool:
    """The name of an account with its four digits, as Discord and Battle.net write it."""
    return _TAG.fullmatch(cell) is not None and _NUMBERED.fullmatch(cell) is None


def _known(cell: str) -> bool:
    return bool(_handle(cell)) and (
        _is_tag(cell) or cell[0] == "@" or _PROFILE.fullmatch(cell) is not None or any(True for _ in _profiles(cell))
    )


DETECTOR = Detector(
    entity=Entity(
        name="SOCIAL_HANDLE",
        title="social network account",
        role=Role.DIRECT,
        level=Level.CONFIDENTIAL,
        tags=("GDPR", "CCPA"),
    ),
    pattern=r"(?i:linkedin\.com/(?:in|pub)/|xing\.com/profile/|facebook\.com/people/|facebook\.com/profile\.php\?id=)"
    r"[^\s/?#\"'<>,;)]+",
    find=_profiles,
    cell_pattern=r"^\S{2}\S*$|^.{2,32}#[0-9]{4}$",
    cell=_handle,
    known=_known,
    common=0.005,
    names=words("""
        twitter_handle twitter_username twitter_user twitter_name twitter_account twitter_id instagram_handle
        instagram_username instagram_account insta_handle insta_id ig_handle linkedin_url linkedin_profile
        linkedin_link facebook_profile facebook_username fb_username fb_id facebook_id social_handle social_profile
        social_media_handle social_account skype skype_id skype_name skypeid telegram_username telegram_handle
        telegram_id whatsapp_id wechat wechat_id weixin tiktok_handle tiktok_username snapchat
        snapchat_username github_username github_login github_user github_handle gitlab_username discord_username
        discord_tag discord_id mastodon_handle reddit_username youtube_channel_owner vk_id icq 微信 微信号
        tg_username tg_handle x_handle threads_handle viber_id ig_username ig_account signal_username twitch_username
        kakao_id kakaotalk_id fb_profile linked_in_url linked_in_profile usuario_twitter usuario_instagram
        cuenta_instagram cuenta_twitter perfil_linkedin perfil_instagram perfil_facebook conta_instagram
        conta_twitter compte_twitter compte_instagram profil_linkedin profil_facebook twitter_konto instagram_konto
        linkedin_profil linked_in_profil akun_instagram akun_twitter ник_в_телеграме
        ссылка_вк qq号 微博账号 微博帐号 抖音号 微信號
        ツイッターアカウント インスタid 카톡아이디 카카오톡_아이디 حساب_تويتر
    """),
    hints=words("""
        name account user author member line_id snap_id fb twitter instagram insta facebook github
        telegram tiktok handle profile profile_url social mention username
        linked_in linkedin discord viber twitch телеграм телеграмм вк вконтакте инстаграм скаип інстаграм qq 微博
        ツイッター インスタグラム 카카오톡 인스타그램 تويتر انستغرام
    """),
    not_names=FLAGS
    + words("""
        follower following like share comment view post company page spend ad ads campaign impression click repo
        repository project commit tweet engagement media_type reach user_count followers_count referral
        sentiment language text label score
    """),
)
