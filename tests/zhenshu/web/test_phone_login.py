"""Signing in by phone: six digits, five minutes, once; and nothing tells whether a number is known."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from tests.site import PASSWORD, Site
from zhenshu.audit import audit_entry
from zhenshu.errors import SettingWrong
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.accounts import change_user, create_user
from zhenshu.security.gateways import HttpGateway, gateway_of
from zhenshu.security.tables import login_code

PHONE = "13800005678"
STRANGER = "13911112222"


@pytest.fixture
def site(new_site: Callable[..., Site], database_url: str) -> Site:
    made = new_site(database_url, sms_gateway="file")
    with made.instance.write(SYSTEM, Channel.API) as uow:
        create_user(uow, "wang", "reader", PASSWORD, phone=PHONE)
    return made


def ask(site: Site, phone: str = PHONE) -> TestResponse:
    return site.stranger().post("/session/phone-code", json={"phone": phone})


def sent(site: Site, count: int = 1) -> list[str]:
    """The codes that went out, once there are `count` of them."""
    path = site.instance.settings.home / "login-codes.txt"
    for _ in range(200):
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        if len(lines) >= count:
            return [line.split("\t")[2] for line in lines]
        time.sleep(0.02)
    raise AssertionError("no code was sent")


def code_for(site: Site) -> str:
    assert ask(site).status_code == 202
    return sent(site)[-1]


def enter(site: Site, code: str, phone: str = PHONE) -> TestResponse:
    return site.stranger().post("/session/phone", json={"phone": phone, "code": code})


def test_the_code_opens_a_login(site: Site) -> None:
    code = code_for(site)
    assert len(code) == 6 and code.isdigit()

    response = enter(site, code, "+86 138-0000-5678")

    assert response.status_code == 201
    assert response.get_json()["user"]["name"] == "wang"
    assert "HttpOnly" in response.headers["Set-Cookie"]


def test_a_code_opens_once_even_for_those_who_send_it_at_once(site: Site) -> None:
    code = code_for(site)

    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(lambda _: enter(site, code).status_code, range(4)))

    assert sorted(codes) == [201, 401, 401, 401]


def test_a_code_lasts_five_minutes(site: Site) -> None:
    code = code_for(site)
    with site.instance.write(SYSTEM, Channel.API) as uow:
        left = uow.conn.scalar(select(login_code.c.expires_at)) - uow.at
        assert timedelta(minutes=4) < left <= timedelta(minutes=5)
        uow.conn.execute(update(login_code).values(expires_at=uow.at))

    assert enter(site, code).get_json()["code"] == "WrongLoginCode"


def test_a_new_code_voids_the_one_before(site: Site) -> None:
    first = code_for(site)
    ask(site)
    second = sent(site, 2)[-1]

    answers = [enter(site, code).status_code for code in (first, second)]

    assert answers == ([401, 201] if first != second else [201, 401])


def test_the_answer_does_not_tell_whether_a_number_is_known(site: Site) -> None:
    known, unknown = ask(site), ask(site, STRANGER)

    assert (
        (known.status_code, known.get_json())
        == (unknown.status_code, unknown.get_json())
        == (202, {"seconds": 300})
    )
    assert sent(site) and STRANGER not in (site.instance.settings.home / "login-codes.txt").read_text()
    wrong = [enter(site, "000000x", phone).get_json() for phone in (PHONE, STRANGER)]
    assert wrong[0]["message"] == wrong[1]["message"]


@pytest.mark.parametrize("phone", [PHONE, STRANGER])
def test_known_or_not_a_number_gets_five_codes_and_no_sixth(site: Site, phone: str) -> None:
    assert [ask(site, phone).status_code for _ in range(6)] == [202] * 5 + [429]


@pytest.mark.parametrize("phone", [PHONE, STRANGER])
def test_known_or_not_a_number_is_locked_after_five_wrong_codes(site: Site, phone: str) -> None:
    ask(site, phone)

    assert [enter(site, "wrong", phone).status_code for _ in range(6)] == [401] * 5 + [429]


def test_the_right_code_opens_nothing_once_locked(site: Site) -> None:
    code = code_for(site)
    for _ in range(5):
        enter(site, "wrong")

    assert enter(site, code).status_code == 429


def test_who_lost_the_number_meanwhile_is_not_let_in(site: Site) -> None:
    code = code_for(site)
    with site.instance.write(SYSTEM, Channel.API) as uow:
        change_user(uow, 1, phone=None)
        create_user(uow, "li", "reader", PASSWORD, phone=PHONE)

    assert enter(site, code).status_code == 401


def test_a_disabled_user_gets_no_code_and_is_not_let_in(site: Site) -> None:
    code = code_for(site)
    with site.instance.write(SYSTEM, Channel.API) as uow:
        change_user(uow, 1, active=False)

    assert enter(site, code).status_code == 401
    assert ask(site).status_code == 202
    time.sleep(0.2)
    assert len(sent(site)) == 1


def test_a_phone_is_not_enough_where_a_second_factor_is_asked_for(site: Site) -> None:
    guard = site.script("security_admin")
    guard.call("PATCH", "/account-policy", json={"second_factor_roles": ["reader"]})

    refused = enter(site, code_for(site))

    assert (refused.status_code, refused.get_json()["code"]) == (403, "PhoneNotEnough")
    assert "Set-Cookie" not in refused.headers


def test_neither_codes_nor_numbers_are_kept_in_clear(site: Site) -> None:
    code = code_for(site)
    ask(site, STRANGER)

    with site.instance.read(SYSTEM, Channel.API) as uow:
        kept = repr([uow.conn.execute(select(one)).all() for one in (login_code, audit_entry)])
    assert code not in kept and PHONE not in kept and STRANGER not in kept


def test_the_development_gateways_file_is_its_owners_alone(site: Site) -> None:
    code_for(site)

    assert (site.instance.settings.home / "login-codes.txt").stat().st_mode & 0o077 == 0


def test_without_a_gateway_there_is_no_such_way(new_site: Callable[..., Site]) -> None:
    site = new_site()

    assert site.stranger().get("/session/ways").get_json() == {"phone": False, "directory": False}
    assert ask(site).get_json()["code"] == "NoGateway"
    assert enter(site, "123456").get_json()["code"] == "NoGateway"


def test_with_one_there_is(site: Site) -> None:
    assert site.stranger().get("/session/ways").get_json() == {"phone": True, "directory": False}


@pytest.mark.parametrize(
    "setting", [{"sms_gateway": "pigeon"}, {"sms_gateway": "http", "sms_url": "file:///etc/passwd"}]
)
def test_a_gateway_that_can_not_be_is_a_wrong_setting(
    new_site: Callable[..., Site], setting: dict[str, str]
) -> None:
    with pytest.raises(SettingWrong):
        gateway_of(new_site(**setting).instance)


class Service(HTTPServer):
    """A message service that keeps what it was told."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.told: list[tuple[str, str, str]] = []
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/send"


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.told.append((self.headers["Content-Type"], self.headers.get("Authorization", ""), body))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", self.server.url)
        self.end_headers()

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def service() -> Iterator[Service]:
    made = Service()
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def test_a_message_service_is_told_in_its_own_form(service: Service) -> None:
    body = '{"to": "{phone}", "text": "验证码 {code}"}'
    HttpGateway(service.url, body, "Authorization: Bearer x").send("+85212345678", "012345")
    HttpGateway(service.url, "to={phone}&code={code}", "").send("+85212345678", "012345")

    assert service.told == [
        ("application/json", "Bearer x", '{"to": "+85212345678", "text": "验证码 012345"}'),
        ("application/x-www-form-urlencoded", "", "to=%2B85212345678&code=012345"),
    ]


@pytest.mark.parametrize("status", [302, 500])
def test_a_code_goes_nowhere_else_and_a_failure_is_one(service: Service, status: int) -> None:
    service.status = status

    with pytest.raises(OSError):
        HttpGateway(service.url, "{}", "").send(PHONE, "012345")
    assert len(service.told) == 1


def test_a_service_that_fails_is_told_to_nobody_but_the_log(
    new_site: Callable[..., Site], service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    service.status = 500
    site = new_site(sms_gateway="http", sms_url=service.url)
    with site.instance.write(SYSTEM, Channel.API) as uow:
        create_user(uow, "wang", "reader", PASSWORD, phone=PHONE)

    assert ask(site).status_code == 202
    for _ in range(100):
        if "login_code_not_sent" in caplog.text:
            break
        time.sleep(0.02)
    assert "login_code_not_sent" in caplog.text and PHONE not in caplog.text
