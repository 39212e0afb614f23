"""How the hospital's directory (LDAP) is set up, and trying a login against it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from zhenshu.security.directory import Directory, directory_of
from zhenshu.security.directory.client import PROBLEMS
from zhenshu.security.directory.opened import NoDirectory
from zhenshu.security.directory.trial import OUTCOMES, Trial, try_login
from zhenshu.security.phones import BadPhone, normal_phone
from zhenshu.security.throttle import TooManyAttempts
from zhenshu.web.api import Api, endpoint
from zhenshu.web.apis.session import NAME
from zhenshu.web.apis.users import MANAGE, VIEW
from zhenshu.web.schemas import TEXT, list_of, object_of

MAYBE_TEXT = {"type": ["string", "null"]}
MAYBE_BOOLEAN = {"type": ["boolean", "null"]}
SETTINGS = object_of(
    {
        "servers": list_of(TEXT),
        "encrypted": {"type": "boolean"},
        "bind_dn": TEXT,
        "base_dn": TEXT,
        "filter": TEXT,
        "login_attribute": TEXT,
        "templates": list_of(object_of({"group": TEXT, "template": TEXT})),
    }
)
CONFIGURED = object_of({"settings": SETTINGS | {"type": ["object", "null"], "description": "null: none"}})
ENTRY = object_of({"dn": TEXT, "name": TEXT, "display_name": TEXT, "phone": TEXT})
TRIAL = object_of(
    {
        "failures": list_of(object_of({"server": TEXT, "problem": {"enum": list(PROBLEMS)}})),
        "entry": ENTRY | {"type": ["object", "null"]},
        "groups": list_of(TEXT),
        "password": MAYBE_BOOLEAN | {"description": "Whether it is right; null: none was tried"},
        "template": MAYBE_TEXT | {"description": "What a new account would be made by"},
        "user_id": {"type": ["integer", "null"]},
        "outcome": {"enum": list(OUTCOMES)},
    }
)


class DirectoryApi(Api):
    @endpoint(
        "GET", "/directory",
        summary={"zh": "目录服务的配置", "en": "How the directory is set up, without secrets."},
        needs=VIEW,
        returns={200: CONFIGURED},
    )  # fmt: skip
    def show(self) -> dict[str, Any]:
        directory = directory_of(self.instance)
        return {"settings": None if directory is None else _described(directory)}

    @endpoint(
        "POST", "/directory/trial",
        summary={"zh": "试登录目录服务", "en": "Try a login against the directory; nothing is changed."},
        needs=MANAGE,
        body=object_of(
            {"name": NAME, "password": {"type": "string", "maxLength": 1024, "description": "Empty: only look"}},
            required=["name"],
        ),
        returns={200: TRIAL},
        errors=[NoDirectory, TooManyAttempts],
    )  # fmt: skip
    def try_login(self) -> dict[str, Any]:
        name, password = self.body["name"], self.body.get("password", "")
        return _told(try_login(self.instance, self.subject, name, password, self.request_id))


def _described(directory: Directory) -> dict[str, Any]:
    found = directory.configuration
    return {
        "servers": [server.address for server in found.servers],
        "encrypted": bool(found.ca_file),
        "bind_dn": found.bind_dn,
        "base_dn": found.base_dn,
        "filter": found.filter,
        "login_attribute": found.login_attribute,
        "templates": [{"group": group, "template": name} for group, name in found.templates.items()],
    }


def _told(trial: Trial) -> dict[str, Any]:
    told = asdict(trial)
    if trial.entry is not None:
        del told["entry"]["id"]
        told["entry"]["phone"] = _in_part(trial.entry.phone)
    return told


def _in_part(phone: str) -> str:
    """As phones are shown everywhere; "" where there is none that could be used."""
    try:
        number = normal_phone(phone)
    except BadPhone:
        return ""
    return f"{number[:3]}****{number[-4:]}"
