"""Settings: one table, read from the environment (`ZHENSHU_<NAME>`) over `settings.toml` in the instance."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from dataclasses import field as _field
from pathlib import Path
from typing import Any

from zhenshu.errors import SettingWrong


def _setting(default: Any, doc: str) -> Any:
    return _field(default=default, metadata={"doc": doc})


@dataclass(frozen=True)
class Settings:
    """Every setting with its default; `docs/reference/settings.md` is made from it."""

    home: Path = _setting(Path("var"), "Folder of the instance: database file, files, secrets, logs.")
    database_url: str = _setting("", "SQLAlchemy URL; empty means SQLite at `<home>/zhenshu.db`.")
    broker_url: str = _setting("", "Celery broker, `redis://...`; empty: files in `<home>/broker`.")
    secrets_dir: str = _setting("", "Folder of the key files; empty means `<home>/secrets`.")
    anchor_dir: str = _setting("", "Second storage of the audit chain's head; empty: `<home>/anchor`.")
    host: str = _setting("127.0.0.1", "Address the web server listens on.")
    port: int = _setting(8080, "Port the web server listens on.")
    web_workers: int = _setting(2, "Web server processes.")
    web_threads: int = _setting(4, "Threads of each web server process.")
    job_workers: int = _setting(1, "Job worker processes.")
    language: str = _setting("zh", "Language of those who chose none: `zh` or `en`.")
    zone: str = _setting("Asia/Shanghai", "Time zone of the hospital, for `today` and `now` in rules.")
    session_minutes: int = _setting(30, "Minutes without a request after which a login ends.")
    busy_seconds: int = _setting(10, "Seconds to wait for a locked database before saying so.")
    read_seconds: int = _setting(60, "Seconds that a page or an API client may have the database search.")
    body_megabytes: int = _setting(64, "Largest request body that is not an upload.")
    upload_megabytes: int = _setting(2048, "Largest uploaded file.")
    trusted_proxies: int = _setting(
        0,
        "Reverse proxies before the web server whose `X-Forwarded-For`, `-Proto` and `-Host` are believed; "
        "0: none are. Set it to the number that every request passes, else callers can forge their address.",
    )
    sms_gateway: str = _setting(
        "",
        "Brings codes to phones to sign in with: `http`, or `file` (for development: into "
        "`<home>/login-codes.txt`); empty: no signing in by phone.",
    )
    sms_url: str = _setting("", "Address of the message service that `http` posts to.")
    sms_body: str = _setting(
        '{"phone": "{phone}", "code": "{code}"}',
        "What is posted; `{phone}` and `{code}` are filled in. JSON if it begins with a brace, else a form.",
    )
    sms_header: str = _setting("", "One header for it, as `Authorization: Bearer ...`.")
    directory_urls: str = _setting(
        "",
        "Servers of the LDAP or Active Directory to sign in by, in the order of asking: "
        "`ldaps://host[:port] ...`; `ldap://` is raised to TLS, except on this machine. Empty: none.",
    )
    directory_ca_file: str = _setting("", "Certificates by which the directory's servers are known (PEM).")
    directory_bind_dn: str = _setting("", "The DN that searches the directory; empty: anonymous.")
    directory_password_file: str = _setting("", "File with its password, readable by this program alone.")
    directory_base_dn: str = _setting("", "Where people and groups are searched, as `dc=hospital,dc=org`.")
    directory_login_attribute: str = _setting(
        "uid", "Attribute with the name that people sign in by: `uid`, or `sAMAccountName`."
    )
    directory_filter: str = _setting(
        "(objectClass=person)",
        "Who may sign in; whom it finds no longer is signed out. For an Active Directory "
        "`(&(objectClass=user)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))`.",
    )
    directory_name_attribute: str = _setting("cn", "Attribute with the name to show: `cn` or `displayName`.")
    directory_phone_attribute: str = _setting("mobile", "Attribute with the phone number; empty: none.")
    directory_id_attribute: str = _setting(
        "entryUUID", "Attribute that never changes: `entryUUID`, or `objectGUID` of an Active Directory."
    )
    directory_group_filter: str = _setting("(member={dn})", "The groups of the person with the DN `{dn}`.")
    directory_templates: str = _setting(
        "",
        'Account template of a group, as `{"cn=ct,ou=groups,dc=hospital,dc=org": "CT"}`: who is in it gets '
        "an account at the first login; `*` is everybody. Empty: only known users sign in.",
    )
    directory_seconds: int = _setting(5, "Seconds to wait for each answer of the directory.")
    public_url: str = _setting(
        "",
        "Address at which browsers reach this. With `https://...` cookies go over HTTPS only, and browsers "
        "are told to keep to it (HSTS).",
    )
    secure_cookies: bool = _setting(False, "Send cookies over HTTPS only, without the rest of `public_url`.")

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the environment and `<home>/settings.toml`.

        Raises:
            SettingWrong: for an unknown name in the file or a value of the wrong type.
        """
        env = os.environ if environ is None else environ
        home = Path(env.get("ZHENSHU_HOME", "var"))
        known = {item.name: item for item in fields(cls)}
        values: dict[str, Any] = {}
        for name, value in _from_file(home / "settings.toml").items():
            if name not in known:
                raise SettingWrong(name=name, reason="no such setting", reason_zh="没有这个设置")
            values[name] = value
        for name in known:
            if (text := env.get(f"ZHENSHU_{name.upper()}")) is not None:
                values[name] = text
        typed = {name: _typed(name, value, known[name].default) for name, value in values.items()}
        return cls(**(typed | {"home": home.resolve()}))

    @property
    def url(self) -> str:
        return self.database_url or f"sqlite:///{self.home / 'zhenshu.db'}"

    @property
    def is_https(self) -> bool:
        """Whether browsers reach this over TLS."""
        return self.public_url.lower().startswith("https://")

    @property
    def secrets_folder(self) -> Path:
        return Path(self.secrets_dir) if self.secrets_dir else self.home / "secrets"

    @property
    def anchor_folder(self) -> Path:
        return Path(self.anchor_dir) if self.anchor_dir else self.home / "anchor"


def _from_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        reason = f"it is no TOML file ({error})"
        raise SettingWrong(name=str(path), reason=reason, reason_zh=f"不是 TOML 文件（{error}）") from error


def _typed(name: str, value: Any, default: Any) -> Any:
    if isinstance(default, bool):
        return _boolean(name, value)
    try:
        return type(default)(value)
    except (TypeError, ValueError) as error:
        reason, reason_zh = f"{value!r} is no {type(default).__name__}", f"{value!r} 的类型不对"
        raise SettingWrong(name=name, reason=reason, reason_zh=reason_zh) from error


def _boolean(name: str, value: Any) -> bool:
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    word = str(value).lower()
    if word not in words:
        reason, reason_zh = f"{value!r} is neither true nor false", f"{value!r} 既不是 true 也不是 false"
        raise SettingWrong(name=name, reason=reason, reason_zh=reason_zh)
    return words[word]
