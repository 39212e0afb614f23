"""Flask-AppBuilder: its tables and manager serve us; its pages and APIs can't be reached."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.site import PASSWORD, Site
from tests.zhenshu.web.echo import ECHO
from zhenshu.rooms import Room
from zhenshu.security.login import log_in


@pytest.mark.parametrize(
    "path",
    [
        "/login/",
        "/logout/",
        "/users/list/",
        "/users/add",
        "/users",
        "/roles/list/",
        "/resetpassword/form",
        "/lang/zh",
        "/back",
        "/swagger/v1",
        "/static/appbuilder/css/bootstrap.min.css",
        "/api/v1/security/login",
        "/api/v1/security/users/",
        "/api/v1/security/roles/",
        "/api/v1/security/api_keys/",
        "/api/v1/menu/",
        "/api/v1/_openapi",
    ],
)
def test_pages_and_apis_of_the_framework_are_no_addresses(site: Site, path: str) -> None:
    site.user("hospital_admin")
    browser = site.browser("hospital_admin")

    for method in ("GET", "POST"):
        assert browser.client.open(path, method=method).status_code in (404, 405)
    assert browser.client.get(path).status_code == 404


def test_the_framework_lets_nobody_in_by_its_own_ways(site: Site) -> None:
    site.user("reader")
    manager = site.app.extensions["appbuilder"].sm

    with site.app.test_request_context():
        assert manager.auth_user_db("reader", PASSWORD) is None
        assert manager.load_user(1) is None
    assert log_in(site.instance, "reader", PASSWORD, "").user.name == "reader"


@pytest.fixture
def echo(new_site: Callable[..., Site], database_url: str) -> Site:
    return new_site(database_url, rooms=[ECHO, Room("empty")])


def grant(site: Site, role: str) -> None:
    """Give `role` the permission that the echo room brought, as an administrator might."""
    from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, ViewMenu
    from sqlalchemy import select
    from sqlalchemy.orm import Session

    with Session(site.instance.engine.execution_options(zhenshu_write=True)) as session:
        pair = session.scalars(
            select(PermissionView)
            .join(Permission)
            .join(ViewMenu)
            .where(Permission.name == "approve", ViewMenu.name == "echo")
        ).one()
        holder = session.scalars(select(Role).where(Role.name == role)).one()
        holder.permissions.append(pair)
        session.commit()


def test_a_rooms_permission_can_be_granted(echo: Site) -> None:
    script = echo.script("reader")
    assert script.post("/echo/framework").status_code == 403

    grant(echo, "reader")

    assert script.post("/echo/framework").status_code == 200


def test_the_frameworks_session_writes_within_the_unit_of_work(echo: Site) -> None:
    grant(echo, "reader")

    response = echo.script("reader").post("/echo/framework")

    assert response.status_code == 200, response.text
    assert "made-by-framework" in response.get_json()
