"""Flask-AppBuilder in our house: its users, roles and permissions, and none of its pages and APIs."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_appbuilder import AppBuilder
from flask_appbuilder.security.sqla.manager import SecurityManager

from zhenshu.web.connection import JoinedSessions


class HouseSecurityManager(SecurityManager):  # type: ignore[misc]  # Flask-AppBuilder has no type information
    """Flask-AppBuilder's security manager, without views and with one way in: our session endpoint.

    Its own ways in know neither the throttle nor the audit trail, so they let nobody in.
    """

    def register_views(self) -> None:
        """No login page, no user and role pages, no security API."""

    def auth_user_db(self, username: str, password: str) -> None:
        return None

    def load_user(self, pk: int) -> None:
        return None

    def validate_api_key(self, api_key_string: str) -> None:
        return None

    @staticmethod
    def before_request() -> None:
        """The caller is identified by our own sessions and tokens."""


class HouseAppBuilder(AppBuilder):  # type: ignore[misc]  # Flask-AppBuilder has no type information
    """An AppBuilder that brings no address of its own."""

    def _add_admin_views(self) -> None:
        """No index, utility, locale, menu or OpenAPI view."""

    def _add_global_static(self) -> None:
        """No public static folder; the API's page serves the two files that it needs."""


def add_framework(app: Flask, session: JoinedSessions) -> AppBuilder:
    """Put Flask-AppBuilder on `app`, joined to our transactions; it creates nothing while serving."""
    settings: dict[str, Any] = {
        "FAB_CREATE_DB": False,
        "FAB_UPDATE_PERMS": False,
        "FAB_ADD_SECURITY_VIEWS": False,
        "FAB_ADD_SECURITY_API": False,
        "FAB_SECURITY_SIGNALS_ENABLED": False,
        "AUTH_USER_REGISTRATION": False,
        "RATELIMIT_ENABLED": False,
    }
    app.config.update(settings)
    with app.app_context():
        return HouseAppBuilder(app, session, security_manager_class=HouseSecurityManager, update_perms=False)
