"""Gateways that bring a code to a phone: over HTTP to a message service, or, for development, into a file."""

from __future__ import annotations

import os
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from zhenshu.errors import SettingWrong

if TYPE_CHECKING:
    from zhenshu.instance import Instance
    from zhenshu.settings import Settings

SECONDS = 10  # that a message service may take


class Gateway(Protocol):
    """Brings a code to a phone."""

    def send(self, phone: str, code: str) -> None:
        """Raises whatever goes wrong; it is logged without the number, and the user asks again."""
        ...


@dataclass(frozen=True, slots=True)
class FileGateway:
    """Writes codes into a file of the instance, for development: who reads it signs in as anybody."""

    path: Path

    def send(self, phone: str, code: str) -> None:
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC).isoformat(timespec='seconds')}\t{phone}\t{code}\n")


@dataclass(frozen=True, slots=True)
class HttpGateway:
    """Posts `body`, with {phone} and {code} filled in, to the address of a message service."""

    url: str
    body: str
    header: str

    def send(self, phone: str, code: str) -> None:
        # Both are digits and "+": they need no quoting in JSON, and "+" does in a form.
        is_json = self.body.lstrip().startswith("{")
        shown = phone if is_json else phone.replace("+", "%2B")
        body = self.body.replace("{phone}", shown).replace("{code}", code)
        kind = "application/json" if is_json else "application/x-www-form-urlencoded"
        request = urllib.request.Request(self.url, body.encode(), {"Content-Type": kind}, method="POST")
        if self.header:
            name, _, value = self.header.partition(":")
            request.add_header(name.strip(), value.strip())
        with _opener.open(request, timeout=SECONDS) as answer:
            answer.read(1 << 16)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A code goes to the address that was set and to no other."""

    def redirect_request(self, *_args: object) -> None:
        return None


_opener = urllib.request.build_opener(_NoRedirect)


def _file(settings: Settings) -> Gateway:
    return FileGateway(settings.home / "login-codes.txt")


def _http(settings: Settings) -> Gateway:
    if not settings.sms_url.startswith(("http://", "https://")):
        reason, reason_zh = "the HTTP gateway needs an http(s) address", "HTTP 网关需要 http(s) 地址"
        raise SettingWrong(name="sms_url", reason=reason, reason_zh=reason_zh)
    return HttpGateway(settings.sms_url, settings.sms_body, settings.sms_header)


GATEWAYS: Mapping[str, Callable[[Settings], Gateway]] = {"file": _file, "http": _http}


def gateway_of(instance: Instance) -> Gateway | None:
    """The gateway that is set, or None.

    Raises:
        SettingWrong.
    """
    name = instance.settings.sms_gateway
    if not name:
        return None
    if name not in GATEWAYS:
        known = ", ".join(GATEWAYS)
        raise SettingWrong(name="sms_gateway", reason=f"it is one of: {known}", reason_zh=f"可选值：{known}")
    return GATEWAYS[name](instance.settings)
