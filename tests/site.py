"""A whole application on a fresh database, and people and scripts that call it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.subjects import everything_to_all
from tests.watching import watch_answers
from zhenshu.instance import Instance
from zhenshu.rooms import Room
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.accounts import create_user
from zhenshu.security.roles import sync_roles
from zhenshu.security.tokens import create_token
from zhenshu.web.app import create_app

PASSWORD = "Correct-Horse-7"


class Site:
    """An application without built pages, with the users that a test makes."""

    def __init__(self, instance: Instance, rooms: Sequence[Room], no_pages: Path) -> None:
        self.instance = instance
        self.app: Flask = create_app(instance, rooms, pages=no_pages)
        watch_answers(self.app)
        sync_roles(instance, rooms)
        everything_to_all(instance)

    def user(self, role: str, name: str = "") -> int:
        with self.instance.write(SYSTEM, Channel.API) as uow:
            return create_user(uow, name or role, role, PASSWORD).user.id

    def script(self, role: str, name: str = "") -> Caller:
        """A script with a token of a new user who has `role`."""
        user_id = self.user(role, name)
        with self.instance.write(SYSTEM, Channel.API) as uow:
            token = create_token(uow, user_id, "test").value
        return Caller(self.app, {"Authorization": f"Bearer {token}"}, user_id)

    def browser(self, name: str, password: str = PASSWORD) -> Caller:
        """Somebody who signed in by cookie."""
        caller = self.stranger()
        response = caller.post("/session", json={"name": name, "password": password})
        assert response.status_code == 201, response.text
        caller.headers["X-CSRF-Token"] = response.get_json()["csrf_token"]
        return caller

    def stranger(self) -> Caller:
        return Caller(self.app, {})


class Caller:
    """Calls the API with the same headers and cookies each time."""

    def __init__(self, app: Flask, headers: dict[str, str], user_id: int | None = None) -> None:
        self.client = app.test_client()
        self.headers = headers
        self.user_id = user_id

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = self.headers | dict(options.pop("headers", {}))
        return self.client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.call("GET", path, **options)

    def post(self, path: str, **options: Any) -> TestResponse:
        return self.call("POST", path, **options)

    @property
    def cookie(self) -> str:
        found = self.client.get_cookie("zhenshu_session")
        return found.value if found else ""
