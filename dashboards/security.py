"""What the server refuses and what it tells the browser, on every request.

It answers on this computer only; a POST must come from its own pages; a body has a largest size; what a
callback is sent must have the shape of a callback; nothing of the data or of the program stands in an error;
the browser may load nothing from anywhere else.

Source: OWASP ASVS 5.0 V3 (web front end), V5 (files), V14 (data protection); the policy was tried with dash
4.4.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from dash import Dash

__all__ = ["LARGEST_BODY", "LOOPBACK", "TOO_LARGE", "secure", "words"]

LARGEST_BODY = 20 * 1024 * 1024
"""The largest request in bytes: a workbook of 20 MB."""

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})

logger = logging.getLogger(__name__)

_CALLBACK = "/_dash-update-component"
_KEEP = ("/_dash-component-suites/", "/assets/")

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}

TOO_LARGE = (
    "That is more than 20 MB, so nothing was read. Send a smaller file, or split the readings over two."
)

_WORDS = {
    400: "This request could not be understood, so nothing was done. Load the page again.",
    403: "This did not come from this site's own pages, so nothing was done. Open the page and try again.",
    404: "There is nothing at this address.",
    405: "This address does not take that kind of request.",
    413: TOO_LARGE,
    415: "This address takes JSON only, so nothing was done.",
    500: "Something went wrong here, and nothing was changed. What happened is in the server's log.",
}


def secure(
    app: Dash,
    hosts: Collection[str] = LOOPBACK,
    too_large: Callable[[int | None], None] = lambda _: None,
) -> None:
    """Put the guards on an app's server.

    Parameters
    ----------
    app : Dash
        With all its callbacks: the policy names their inline scripts by hash.
    hosts : Collection[str]
        Names under which it may be asked for; any other is refused, so that no foreign name can be pointed
        here.
    too_large : Callable
        Is told the size in bytes of what is refused for it; None when the request did not say.
    """
    server: Flask = app.server
    server.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    server.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_BODY
    policy = _policy(app)
    server.before_request(lambda: _refusal(app, hosts, too_large))
    server.after_request(lambda response: _headed(response, policy))
    server.register_error_handler(HTTPException, _http_error)
    server.register_error_handler(Exception, _unforeseen)


def _policy(app: Dash) -> str:
    scripts = " ".join(f"'{h.strip(chr(39))}'" for h in app.csp_hashes())
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {scripts}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
            "form-action 'self'",
        )
    )


def words(status: int) -> Response:
    """Return a refusal in words, as plain text."""
    return Response(
        _WORDS.get(status, _WORDS[400 if status < 500 else 500]),
        status=status,
        content_type="text/plain; charset=utf-8",
    )


def _refusal(app: Dash, hosts: Collection[str], too_large: Callable[[int | None], None]) -> Response | None:
    if hosts and (urlsplit(f"//{request.host}").hostname or "") not in {h.strip("[]") for h in hosts}:
        return words(403)
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return None
    if not _same_origin():
        return words(403)
    if request.content_length is not None and request.content_length > LARGEST_BODY:
        refused: Response | None = words(413)
    else:
        refused = _shapeless(app) if request.path == _CALLBACK else None
    if refused is not None and refused.status_code == 413:
        too_large(request.content_length)
    return refused


def _same_origin() -> bool:
    """Tell whether a request comes from our own pages; what is no browser says nothing, and is let in."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.host}"


def _shapeless(app: Dash) -> Response | None:
    """Refuse what has not the shape of one of our own callbacks."""
    if not request.is_json:
        return words(415)
    try:
        body = request.get_json(cache=True)
    except RequestEntityTooLarge:
        return words(413)
    except (HTTPException, ValueError, RecursionError, UnicodeError):
        return words(400)
    return None if isinstance(body, dict) and _is_callback(app, body) else words(400)


def _is_callback(app: Dash, body: dict[str, Any]) -> bool:
    output = body.get("output")
    changed = body.get("changedPropIds", [])
    if not isinstance(output, str) or output not in app.callback_map:
        return False
    if not (isinstance(changed, list) and all(isinstance(c, str) for c in changed)):
        return False
    known = app.callback_map[output]
    for given, wanted in ((body.get("inputs", []), known["inputs"]), (body.get("state", []), known["state"])):
        if not isinstance(given, list) or len(given) != len(wanted):
            return False
        if not all(_answers(g, w) for g, w in zip(given, wanted, strict=True)):
            return False
    return isinstance(body.get("outputs"), dict | list)


def _answers(given: Any, wanted: dict[str, Any]) -> bool:
    """Tell whether a value given is for the component and property wanted; a pattern takes a list."""
    if isinstance(given, list):
        return wanted["id"].startswith("{") and all(
            isinstance(g, dict) and g.get("property") == wanted["property"] for g in given
        )
    if not isinstance(given, dict) or given.get("property") != wanted["property"]:
        return False
    return (
        isinstance(given.get("id"), dict) if wanted["id"].startswith("{") else given.get("id") == wanted["id"]
    )


def _headed(response: Response, policy: str) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", policy)
    if not request.path.startswith(_KEEP):
        response.headers["Cache-Control"] = "no-store"
    return response


def _http_error(error: HTTPException) -> Response:
    return words(error.code or 500)


def _unforeseen(error: Exception) -> Response:
    logger.exception("Request to %s failed", request.path, exc_info=error)
    return words(500)
