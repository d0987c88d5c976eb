"""Templates into responses that no browser can be talked into misreading."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from fastapi import Request, Response  # noqa: TID253 - only the API server imports this

from airflow_mlsecops.web import names, plot, rules

if TYPE_CHECKING:
    from jinja2 import Environment

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """Draw a template.

    :param values: what it shows; it is also told ``base`` (this app's root) and ``airflow`` (Airflow's)
    """
    html = _templates().get_template(template).render(
        base=quote(request.scope.get("root_path", "")), airflow=request.base_url.path, **values
    )  # fmt: skip
    return answer(html.encode(), "text/html; charset=utf-8", status=status)


def answer(body: bytes, media_type: str, *, status: int = 200, download: str = "") -> Response:
    """Answer with a body; every response of these pages is made here.

    :param download: name of the file it is saved as
    """
    extra = {"Content-Disposition": f'attachment; filename="{download}"'} if download else {}
    return Response(body, status_code=status, media_type=media_type, headers={**HEADERS, **extra})


@lru_cache(maxsize=1)
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    templates = Environment(
        loader=PackageLoader("airflow_mlsecops.web"), autoescape=True, undefined=StrictUndefined, auto_reload=False
    )
    templates.filters.update(whole=names.whole)
    templates.filters.update(name=names.name, words=names.words, commands=names.commands, legible=names.legible)
    templates.filters.update(drawn=plot.drawn, rule_address=rules.address)
    return templates
