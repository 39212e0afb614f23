"""Errors of the web face, and the one place where every error becomes a response."""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import (
    BadRequest,
    HTTPException,
    MethodNotAllowed,
    NotAcceptable,
    RequestEntityTooLarge,
)
from werkzeug.exceptions import NotFound as NoRoute

from zhenshu.errors import ZhenshuError
from zhenshu.web.json import json_response
from zhenshu.web.language import request_language

log = logging.getLogger(__name__)


class NotSignedIn(ZhenshuError):
    """Sign in first, or send a valid token. Nothing was changed."""

    status = 401
    zh = "请先登录，或提供有效的令牌。未作任何修改。"


class CsrfFailed(ZhenshuError):
    """The X-CSRF-Token header is missing or is of another login. Nothing was changed; reload the page."""

    status = 403
    zh = "请求头 X-CSRF-Token 缺失或不属于本次登录。未作任何修改，请刷新页面后重试。"


class PasswordChangeRequired(ZhenshuError):
    """Change your one-time password first. Nothing was changed."""

    status = 403
    zh = "请先修改一次性密码。未作任何修改。"


class SecondFactorRequired(ZhenshuError):
    """Your role asks for a second factor. Nothing was changed; bind a device first."""

    status = 403
    zh = "您的角色要求使用动态口令。未作任何修改，请先绑定。"


class Malformed(ZhenshuError):
    """The request can't be read: {reason}. Nothing was changed."""

    status = 400
    zh = "请求无法读取：{reason_zh}。未作任何修改。"


class NotValid(ZhenshuError):
    """The request does not fit its schema; `details.problems` lists where. Nothing was changed."""

    status = 422
    zh = "请求不符合要求，具体位置见 `details.problems`。未作任何修改。"

    def details(self) -> dict[str, Any]:
        return {"problems": self.values["problems"]}


class UnsupportedMedia(ZhenshuError):
    """This address takes {expected} only. Nothing was changed."""

    status = 415
    zh = "此地址只接受 {expected}。未作任何修改。"


class TooLarge(ZhenshuError):
    """The request is larger than {megabytes} MB. Nothing was kept; send less at once."""

    status = 413
    zh = "请求超过 {megabytes} MB。未保留任何内容，请分批发送。"


class NoSuchAddress(ZhenshuError):
    """There is nothing at this address."""

    status = 404
    zh = "此地址不存在。"


class WrongMethod(ZhenshuError):
    """This address does not take {method}; it takes {allowed}. Nothing was changed."""

    status = 405
    zh = "此地址不支持 {method}，只支持 {allowed}。未作任何修改。"


class Refused(ZhenshuError):
    """The server refused the request (HTTP {http_status}). Nothing was changed."""

    status = 400
    zh = "服务器拒绝了该请求（HTTP {http_status}）。未作任何修改。"


class Unexpected(ZhenshuError):
    """Something went wrong here. Nothing was changed; tell the administrator request id {request_id}."""

    status = 500
    zh = "服务器内部错误。未作任何修改，请将请求编号 {request_id} 告知管理员。"


def register_error_handlers(app: Flask) -> None:
    """Map every error of `app` to a JSON body {code, message, details, request_id}."""
    app.register_error_handler(ZhenshuError, _expected)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(Exception, _unexpected)


def error_body(error: ZhenshuError) -> dict[str, Any]:
    return {
        "code": error.code(),
        "message": error.message(request_language()),
        "details": error.details(),
        "request_id": g.request_id,
    }


def _expected(error: ZhenshuError) -> Response:
    if error.status >= 500:
        log.error(error.code(), extra={"request_id": g.request_id})
    response = json_response(error_body(error), error.status)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    if error.status == 429:
        response.headers["Retry-After"] = str(error.values["seconds"])
    return response


def _from_http(error: HTTPException) -> Response:
    response = json_response(error_body(_translated(error)), error.code or 500)
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _translated(error: HTTPException) -> ZhenshuError:
    match error:
        case NoRoute():
            return NoSuchAddress()
        case MethodNotAllowed():
            return WrongMethod(method=request.method, allowed=", ".join(sorted(error.valid_methods or ())))
        case RequestEntityTooLarge():
            return TooLarge(megabytes=(request.max_content_length or 0) // 2**20)
        case BadRequest() | NotAcceptable():
            return Malformed(reason="its form is wrong", reason_zh="格式有误")
    return Refused(http_status=error.code)


def _unexpected(error: Exception) -> Response:
    # The words of an unknown error may quote a patient's data: only its class and place are logged.
    log.error(
        "request_failed",
        extra={"request_id": g.request_id, "error": type(error).__name__, "where": _places(error)},
    )
    return json_response(error_body(Unexpected(request_id=g.request_id)), 500)


def _places(error: Exception) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
