"""The second factor: without its code the password opens nothing, and no code opens anything twice."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pyotp
import pytest
from sqlalchemy import select, update

from tests.site import PASSWORD, Caller, Site
from zhenshu.audit import audit_entry
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.tables import recovery_code, second_factor


class Device:
    """An authenticator bound to a user; `ahead` steps before the server's clock."""

    def __init__(self, site: Site, secret: str) -> None:
        self.site = site
        self.secret = secret

    def code(self, ahead: int = 0) -> str:
        return pyotp.TOTP(self.secret).at(int(time.time()) + 30 * ahead)

    def fresh(self) -> str:
        """A code of now, as if none had been given so far."""
        with self.site.instance.write(SYSTEM, Channel.API) as uow:
            uow.conn.execute(update(second_factor).values(last_step=0))
        return self.code()


def begin(caller: Caller, code: str = "") -> str:
    answer = caller.post("/session/second-factor", json={"password": PASSWORD, "code": code})
    assert answer.status_code == 200, answer.text
    secret: str = answer.get_json()["secret"]
    return secret


def enrol(site: Site, name: str) -> tuple[Device, list[str]]:
    browser = site.browser(name)
    device = Device(site, begin(browser))
    confirmed = browser.post("/session/second-factor/confirm", json={"code": device.code()})
    assert confirmed.status_code == 200, confirmed.text
    return device, confirmed.get_json()["recovery_codes"]


def sign_in(site: Site, name: str, code: str | None = None) -> tuple[int, str]:
    body = {"name": name, "password": PASSWORD} | ({} if code is None else {"code": code})
    answer = site.stranger().post("/session", json=body)
    return answer.status_code, answer.get_json().get("code", "")


def test_the_password_alone_opens_nothing_any_more(any_site: Site) -> None:
    any_site.user("hospital_admin")
    device, _ = enrol(any_site, "hospital_admin")

    assert sign_in(any_site, "hospital_admin") == (401, "CodeNeeded")
    assert sign_in(any_site, "hospital_admin", "000000") == (401, "CodeWrong")
    assert sign_in(any_site, "hospital_admin", device.fresh()) == (201, "")


def test_a_code_that_was_used_is_spent(any_site: Site) -> None:
    any_site.user("reader")
    device, _ = enrol(any_site, "reader")
    code = device.fresh()

    assert sign_in(any_site, "reader", code)[0] == 201
    assert sign_in(any_site, "reader", code) == (401, "CodeWrong")


def test_nor_does_the_code_that_confirmed_the_device_open(any_site: Site) -> None:
    any_site.user("reader")
    browser = any_site.browser("reader")
    device = Device(any_site, begin(browser))
    code = device.code()
    browser.post("/session/second-factor/confirm", json={"code": code})

    assert sign_in(any_site, "reader", code) == (401, "CodeWrong")


def test_of_those_who_send_one_code_at_once_one_gets_in(any_site: Site) -> None:
    any_site.user("reader")
    device, _ = enrol(any_site, "reader")
    code = device.fresh()

    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(lambda _: sign_in(any_site, "reader", code)[0], range(4)))

    assert sorted(codes) == [201, 401, 401, 401]


@pytest.mark.parametrize(("ahead", "status"), [(-3, 401), (3, 401)])
def test_a_code_of_another_time_is_refused(site: Site, ahead: int, status: int) -> None:
    site.user("reader")
    device, _ = enrol(site, "reader")
    device.fresh()

    assert sign_in(site, "reader", device.code(ahead))[0] == status


def test_a_clock_that_is_a_step_ahead_is_borne(site: Site) -> None:
    site.user("reader")
    device, _ = enrol(site, "reader")

    assert sign_in(site, "reader", device.code(1))[0] == 201


def test_guessing_codes_locks_and_asking_without_one_does_not_forgive(any_site: Site) -> None:
    any_site.user("reader")
    device, _ = enrol(any_site, "reader")
    answers = []
    for _ in range(5):
        answers.append(sign_in(any_site, "reader", "000000")[1])
        answers.append(sign_in(any_site, "reader")[1])

    assert answers[:9] == ["CodeWrong", "CodeNeeded"] * 4 + ["CodeWrong"]
    assert sign_in(any_site, "reader", device.fresh()) == (429, "TooManyAttempts")


def test_asking_without_a_code_alone_never_locks(site: Site) -> None:
    site.user("reader")
    device, _ = enrol(site, "reader")

    assert {sign_in(site, "reader")[1] for _ in range(8)} == {"CodeNeeded"}
    assert sign_in(site, "reader", device.fresh())[0] == 201


def test_a_wrong_password_tells_nothing_of_the_factor(site: Site) -> None:
    site.user("reader")
    enrol(site, "reader")

    answer = site.stranger().post("/session", json={"name": "reader", "password": "wrong", "code": "000000"})

    assert answer.get_json()["code"] == "WrongPassword"


def test_a_recovery_code_opens_once(any_site: Site) -> None:
    any_site.user("reader")
    _, codes = enrol(any_site, "reader")
    assert len(set(codes)) == 10

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda _: sign_in(any_site, "reader", codes[3])[0], range(3)))
    assert sorted(answers) == [201, 401, 401]
    assert sign_in(any_site, "reader", codes[4].upper())[0] == 201


def test_recovery_codes_of_another_open_nothing(site: Site) -> None:
    site.user("reader")
    site.user("researcher")
    _, mine = enrol(site, "reader")
    enrol(site, "researcher")

    assert sign_in(site, "researcher", mine[0]) == (401, "CodeWrong")


def test_secrets_are_kept_encrypted_and_codes_as_hashes(any_site: Site) -> None:
    any_site.user("reader")
    device, codes = enrol(any_site, "reader")

    with any_site.instance.read(SYSTEM, Channel.API) as uow:
        kept = [uow.conn.execute(select(one)).all() for one in (second_factor, recovery_code, audit_entry)]
    for secret in (device.secret, *codes, *(code.replace("-", "") for code in codes)):
        assert secret not in repr(kept)


def test_a_stolen_login_can_not_bind_a_device_of_its_own(site: Site) -> None:
    site.user("reader")
    thief = site.browser("reader")

    codes = [
        thief.post("/session/second-factor", json={"password": f"guess-{number}"}).status_code
        for number in range(6)
    ]

    assert codes == [403] * 5 + [429]


def test_another_device_needs_a_code_of_the_first(any_site: Site) -> None:
    any_site.user("reader")
    browser = any_site.browser("reader")
    first = Device(any_site, begin(browser))
    browser.post("/session/second-factor/confirm", json={"code": first.code()})

    refused = browser.post("/session/second-factor", json={"password": PASSWORD})
    second = Device(any_site, begin(browser, first.fresh()))

    assert refused.get_json()["code"] == "CodeNeeded"
    assert sign_in(any_site, "reader", first.fresh())[0] == 201  # until the second is confirmed
    browser.post("/session/second-factor/confirm", json={"code": second.code()})
    assert sign_in(any_site, "reader", first.fresh()) == (401, "CodeWrong")


def test_binding_ends_the_other_logins(site: Site) -> None:
    site.user("reader")
    elsewhere = site.browser("reader")
    enrol(site, "reader")

    assert elsewhere.get("/session").status_code == 401


@pytest.fixture
def required(new_site: Callable[..., Site], database_url: str) -> Site:
    """A site where administrators have to have a second factor."""
    made = new_site(database_url)
    roles: dict[str, Any] = {"second_factor_roles": ["hospital_admin"]}
    assert (
        made.script("security_admin", "guard").call("PATCH", "/account-policy", json=roles).status_code == 200
    )
    return made


def test_who_needs_a_factor_does_nothing_before_it_is_bound(required: Site) -> None:
    required.user("hospital_admin")
    browser = required.browser("hospital_admin")
    assert browser.get("/session").get_json()["user"]["must_enrol"] is True
    assert browser.get("/users").get_json()["code"] == "SecondFactorRequired"

    device = Device(required, begin(browser))
    assert browser.get("/users").status_code == 403
    browser.post("/session/second-factor/confirm", json={"code": device.code()})

    assert browser.get("/users").status_code == 200
    assert browser.get("/session").get_json()["user"]["must_enrol"] is False


def test_other_roles_are_left_in_peace(required: Site) -> None:
    required.user("reader")

    assert required.browser("reader").get("/tokens").status_code == 200


def test_a_role_that_needs_a_factor_stops_an_open_login(required: Site) -> None:
    reader = required.user("reader")
    browser = required.browser("reader")
    root = required.script("hospital_admin", "another")

    root.call("PATCH", f"/users/{reader}", json={"roles": ["hospital_admin"]})

    assert browser.get("/users").get_json()["code"] == "SecondFactorRequired"


def test_making_it_a_duty_stops_open_logins(any_site: Site) -> None:
    any_site.user("research_admin")
    browser, admin = any_site.browser("research_admin"), any_site.script("security_admin")
    assert browser.get("/tokens").status_code == 200

    admin.call("PATCH", "/account-policy", json={"second_factor_roles": ["research_admin"]})

    assert browser.get("/tokens").get_json()["code"] == "SecondFactorRequired"
    admin.call("PATCH", "/account-policy", json={"second_factor_roles": []})
    assert browser.get("/tokens").status_code == 200


def test_a_factor_that_is_a_duty_is_not_taken_away(required: Site) -> None:
    required.user("hospital_admin")
    browser = required.browser("hospital_admin")
    device = Device(required, begin(browser))
    browser.post("/session/second-factor/confirm", json={"code": device.code()})

    body = {"password": PASSWORD, "code": device.fresh()}
    assert browser.post("/session/second-factor/remove", json=body).get_json()["code"] == "FactorRequired"
    own = browser.get("/session").get_json()["user"]["id"]
    assert browser.post(f"/users/{own}/second-factor/reset").get_json()["code"] == "OwnFactor"


def test_an_administrator_resets_the_factor_of_who_lost_the_device(any_site: Site) -> None:
    admin, reader = any_site.script("hospital_admin"), any_site.user("reader")
    _, codes = enrol(any_site, "reader")
    assert admin.get(f"/users/{reader}").get_json()["second_factor"] is True

    assert admin.post(f"/users/{reader}/second-factor/reset").status_code == 204

    assert sign_in(any_site, "reader")[0] == 201
    assert admin.get(f"/users/{reader}").get_json()["second_factor"] is False
    enrol(any_site, "reader")
    assert sign_in(any_site, "reader", codes[0]) == (401, "CodeWrong")


def test_ones_own_factor_is_taken_away_with_password_and_code(site: Site) -> None:
    site.user("reader")
    browser = site.browser("reader")
    device = Device(site, begin(browser))
    browser.post("/session/second-factor/confirm", json={"code": device.code()})

    assert browser.post("/session/second-factor/remove", json={"password": PASSWORD}).status_code == 401
    body = {"password": PASSWORD, "code": device.fresh()}
    assert browser.post("/session/second-factor/remove", json=body).status_code == 204
    assert sign_in(site, "reader")[0] == 201


def test_without_a_beginning_there_is_nothing_to_confirm(site: Site) -> None:
    site.user("reader")
    browser = site.browser("reader")

    refused = browser.post("/session/second-factor/confirm", json={"code": "123456"})

    assert refused.get_json()["code"] == "NothingToConfirm"


def test_the_picture_holds_the_address_of_the_secret(site: Site) -> None:
    site.user("reader")
    answer = site.browser("reader").post("/session/second-factor", json={"password": PASSWORD}).get_json()

    assert answer["qr"].startswith("data:image/svg+xml")
    assert len(answer["secret"]) == 32
