"""Keys of model providers: OpenAI, Anthropic, Hugging Face, Groq, OpenRouter, Perplexity, Replicate, xAI and others.

The prefixes are the issuers' (https://platform.openai.com/docs/api-reference/authentication,
https://docs.anthropic.com/en/api/overview, https://huggingface.co/docs/hub/security-tokens); whoever finds such a key
spends its owner's money within hours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from airflow_mlsecops.core.detector import Detector, Span
from airflow_mlsecops.core.entity import Entity, Role
from airflow_mlsecops.core.level import Level
from airflow_mlsecops.detectors._secrets import family, tokens

_TOKENS = (
    r"\bsk-(?:proj|svcacct|admin|None)-[0-9A-Za-z_\-]{32,}",
    r"\bsk-ant-[0-9A-Za-z]{2,12}-[0-9A-Za-z_\-]{32,}",
    r"\bsk-or-v1-[0-9a-f]{64}",
    r"\bsk-lf-[0-9a-f]{8}-[0-9a-f\-]{27}",
    r"\bsk-[0-9A-Za-z]{32,64}",
    r"\bhf_[0-9A-Za-z]{34,40}",
    r"\bapi_org_[0-9A-Za-z]{34}",
    r"\bgsk_[0-9A-Za-z]{48,56}",
    r"\bpplx-[0-9A-Za-z]{40,56}",
    r"\br8_[0-9A-Za-z]{37,40}",
    r"\bxai-[0-9A-Za-z]{70,90}",
    r"\bnvapi-[0-9A-Za-z_\-]{60,70}",
    r"\blsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}",
    r"\bpcsk_[0-9A-Za-z]{5,6}_[0-9A-Za-z]{60,70}",
    r"\btvly-(?:dev-|prod-)?[0-9A-Za-z]{32}",
    r"\bjina_[0-9a-f]{32}[0-9A-Za-z_\-]{28}",
    r"\bfw_[0-9A-Za-z]{22,26}",
    r"\bwandb_v1_[0-9A-Za-z_\-]{40,}",
)
_TOKEN = re.compile(rf"(?:{'|'.join(_TOKENS)})(?![0-9A-Za-z])", re.ASCII)
_DIGIT = re.compile("[0-9]")


def _found(run: str) -> Iterator[Span]:
    # Without a digit it may be a class of a style sheet or a slug: hf_thisisaverylongnameofsomething… is the exception.
    return (span for span in tokens(_TOKEN, run) if _DIGIT.search(span[2]) or span[2].startswith(("hf_", "api_org_")))


DETECTOR = Detector(
    entity=Entity(name="AI_API_KEY", title="AI provider's API key", role=Role.SECRET, level=Level.RESTRICTED),
    pattern=family(_TOKENS),
    find=_found,
)
