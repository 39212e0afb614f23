"""How the directory is reached and read, as the settings say it, checked."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

from ldap3.core.exceptions import LDAPException
from ldap3.utils.dn import parse_dn

from zhenshu.errors import SettingWrong

if TYPE_CHECKING:
    from zhenshu.settings import Settings

PORTS = {"ldap": 389, "ldaps": 636}
ANY_GROUP = "*"
ATTRIBUTE = r"[A-Za-z][A-Za-z0-9-]*"


@dataclass(frozen=True, slots=True)
class DirectoryServer:
    """One server. `is_loopback`: this machine itself, to which nobody can listen on the way."""

    scheme: str
    host: str
    port: int
    is_loopback: bool

    @property
    def address(self) -> str:
        return f"{self.scheme}://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class DirectoryConfiguration:
    """`templates` gives the account template of a group (its DN, normalised; "*" for everybody), in the order
    of asking; without any, nobody gets an account by signing in."""

    servers: tuple[DirectoryServer, ...]
    ca_file: str
    bind_dn: str
    password_file: str
    base_dn: str
    filter: str
    login_attribute: str
    name_attribute: str
    phone_attribute: str
    id_attribute: str
    group_filter: str
    templates: Mapping[str, str]
    seconds: int

    def template_of(self, groups: Collection[str]) -> str | None:
        """The account template of the first of the settings' groups that is among these (normalised DNs)."""
        fitting = (name for group, name in self.templates.items() if group == ANY_GROUP or group in groups)
        return next(fitting, None)

    def bind_password(self) -> str:
        """
        Raises:
            SettingWrong: when the file can't be read or is empty.
        """
        try:
            password = Path(self.password_file).read_text(encoding="utf-8").rstrip("\r\n")
        except (OSError, UnicodeDecodeError):
            password = ""
        if not password:
            _wrong("directory_password_file", "no password can be read from it", "无法从中读取密码")
        return password


def configuration_of(settings: Settings) -> DirectoryConfiguration | None:
    """What the settings say, or None when there is no directory.

    Raises:
        SettingWrong.
    """
    if not settings.directory_urls.strip():
        return None
    servers = tuple(_server(url) for url in settings.directory_urls.split())
    _check_trust(settings, servers)
    _check_search(settings)
    return DirectoryConfiguration(
        servers=servers,
        ca_file=settings.directory_ca_file,
        bind_dn=settings.directory_bind_dn,
        password_file=settings.directory_password_file,
        base_dn=settings.directory_base_dn,
        filter=settings.directory_filter,
        login_attribute=settings.directory_login_attribute,
        name_attribute=settings.directory_name_attribute,
        phone_attribute=settings.directory_phone_attribute,
        id_attribute=settings.directory_id_attribute,
        group_filter=settings.directory_group_filter,
        templates=_templates(settings.directory_templates),
        seconds=settings.directory_seconds,
    )


def normal_dn(dn: str) -> str:
    """The one spelling of a distinguished name: lower case, no space around its parts.

    Raises:
        ValueError.
    """
    try:
        parts = parse_dn(dn, escape=False, strip=True)
    except LDAPException as error:
        raise ValueError(str(error)) from error
    return ",".join(f"{kind.strip()}={value.strip()}".lower() for kind, value, _ in parts)


def _server(url: str) -> DirectoryServer:
    name = "directory_urls"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        _wrong(name, f"{url} is no address", f"{url} 不是地址")
    has_more = bool(parts.path.strip("/") or parts.query or parts.username)
    if parts.scheme not in PORTS or not parts.hostname or has_more:
        _wrong(name, f"{url} is not ldap(s)://host[:port]", f"{url} 不是 ldap(s)://主机[:端口]")
    host = parts.hostname
    return DirectoryServer(parts.scheme, host, port or PORTS[parts.scheme], _is_loopback(host))


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _check_trust(settings: Settings, servers: tuple[DirectoryServer, ...]) -> None:
    if not settings.directory_ca_file:
        if all(server.is_loopback and server.scheme == "ldap" for server in servers):
            return
        reason = "it is needed, to know the servers by their certificates"
        _wrong("directory_ca_file", reason, "必须设置，用来核对服务器证书")
    if not Path(settings.directory_ca_file).is_file():
        _wrong("directory_ca_file", "there is no such file", "没有这个文件")


def _check_search(settings: Settings) -> None:
    if not settings.directory_base_dn:
        _wrong("directory_base_dn", "it is needed", "必须设置")
    if not (settings.directory_filter.startswith("(") and settings.directory_filter.endswith(")")):
        _wrong("directory_filter", "it stands in parentheses", "须写在括号内")
    for name in ("directory_login_attribute", "directory_id_attribute"):
        if not re.fullmatch(ATTRIBUTE, getattr(settings, name)):
            _wrong(name, "it is no attribute's name", "不是属性名")
    if "{dn}" not in settings.directory_group_filter:
        _wrong("directory_group_filter", "it must hold {dn}", "须含 {dn}")
    if settings.directory_bind_dn and not settings.directory_password_file:
        _wrong("directory_password_file", "directory_bind_dn needs it", "有 directory_bind_dn 时必须设置")
    if not 1 <= settings.directory_seconds <= 30:
        _wrong("directory_seconds", "it is from 1 to 30", "须为 1 至 30")


def _templates(text: str) -> dict[str, str]:
    name = "directory_templates"
    try:
        found = json.loads(text or "{}")
        assert isinstance(found, dict) and all(isinstance(value, str) for value in found.values())
        return {group if group == ANY_GROUP else normal_dn(group): value for group, value in found.items()}
    except (ValueError, AssertionError):
        reason = "it is a JSON object of group DNs and names of account templates"
        _wrong(name, reason, "应为 JSON 对象：用户组 DN 对应账号模板名称")


def _wrong(name: str, reason: str, reason_zh: str) -> NoReturn:
    raise SettingWrong(name=name, reason=reason, reason_zh=reason_zh)
