"""Long JSON answers travel compressed: a draft of 1,700 fields takes 1.1 MB as it is."""

from __future__ import annotations

import gzip
from typing import Final

from flask import Flask, Response, request

SHORT: Final = 1024  # bytes that are not worth it
_LEVEL: Final = 5


def register_compression(app: Flask) -> None:
    """Compress long JSON answers of `app` for clients that take gzip."""
    app.after_request(_compress)


def _compress(response: Response) -> Response:
    if not _eligible(response):
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings["gzip"] <= 0:
        return response
    data = response.get_data()
    if len(data) > SHORT:
        response.set_data(gzip.compress(data, _LEVEL, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
        etag, _ = response.get_etag()
        if etag:  # the same content in other bytes: weak (RFC 9110, 8.8.3)
            response.set_etag(etag, weak=True)
    return response


def _eligible(response: Response) -> bool:
    """Whether it is JSON that was read. The length of a compressed answer tells of what is in it, so answers
    that hold a secret, such as a session's token or a new password, are left alone."""
    return (
        request.method == "GET"
        and response.mimetype == "application/json"
        and response.status_code == 200
        and response.is_sequence
        and "Content-Encoding" not in response.headers
        and "Set-Cookie" not in response.headers
        and not request.path.startswith("/api/v1/session")
    )
