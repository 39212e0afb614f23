"""What every response carries: a request id, security headers, and one line in the access log."""

from __future__ import annotations

import logging
import re
import secrets
import time

from flask import Flask, Response, g, request

log = logging.getLogger("zhenshu.access")

REQUEST_ID_HEADER = "X-Request-Id"
_ACCEPTED_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "worker-src 'self' blob:",
        "img-src 'self' data: blob:",
        "frame-ancestors 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)

# The form's page runs a third party's renderer over texts of many authors. It draws what the page around it
# sends and needs nothing else: no request, no worker, no form to send, no frame of its own.
FORM_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "frame-ancestors 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)

_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


# For a year. Not for subdomains and no preload list: other programs of the hospital live there.
STRICT_TRANSPORT = "max-age=31536000"


def register_headers(app: Flask, is_https: bool) -> None:
    """Number, log and harden each response of `app`. `is_https`: browsers reach it over TLS."""
    app.before_request(_begin)
    app.after_request(_finish)
    if is_https:
        app.after_request(_keep_to_tls)


def _keep_to_tls(response: Response) -> Response:
    response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    return response


def _begin() -> None:
    sent = request.headers.get(REQUEST_ID_HEADER, "")
    # A proxy's id is kept, so that its log and ours can be read together; nothing else gets into the log.
    g.request_id = sent if _ACCEPTED_ID.fullmatch(sent) else secrets.token_hex(12)
    g.begun = time.perf_counter()


def _finish(response: Response) -> Response:
    response.headers[REQUEST_ID_HEADER] = g.request_id
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith("/api/"):
        response.headers.setdefault("Cache-Control", "no-store")
    _log(response)
    return response


def _log(response: Response) -> None:
    # The route, not the path, and no query: both may hold a patient's number.
    route = request.url_rule.rule if request.url_rule else ""
    caller = g.get("caller")
    log.info(
        "request",
        extra={
            "request_id": g.request_id,
            "method": request.method,
            "route": route,
            "status": response.status_code,
            "milliseconds": round((time.perf_counter() - g.begun) * 1000, 1),
            "subject_id": caller.subject.id if caller else None,
        },
    )
