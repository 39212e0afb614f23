"""The way to the directory: only to servers known by their certificates, and never waited for without end."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.slapd import BASE, PASSWORD, DirectoryServer, write_certificates
from zhenshu.errors import SettingWrong
from zhenshu.security.directory import Directory, DirectoryUnavailable, configuration_of
from zhenshu.settings import Settings


def opened(settings: dict[str, Any], **changes: Any) -> Directory:
    configuration = configuration_of(Settings(**settings | changes))
    assert configuration is not None
    return Directory(configuration)


def problems(directory: Directory) -> list[str]:
    return [failure.problem for failure in directory.failures()]


class SilentServer:
    """A server that takes connections and never answers."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self._listening.setblocking(False)
        self._open: list[socket.socket] = []
        self.url = f"ldaps://127.0.0.1:{listening.getsockname()[1]}"

    def asked(self) -> int:
        """How often it was connected to since this was last asked."""
        before = len(self._open)
        with suppress(BlockingIOError):
            while True:
                self._open.append(self._listening.accept()[0])
        return len(self._open) - before

    def close(self) -> None:
        for connection in self._open:
            connection.close()


@pytest.fixture
def silent() -> Iterator[SilentServer]:
    with socket.create_server(("127.0.0.1", 0)) as listening, closing(SilentServer(listening)) as server:
        yield server


def test_both_ways_of_tls_lead_in(settings: dict[str, Any], directory: DirectoryServer) -> None:
    directory.add("wang")
    for url in (directory.tls_url, directory.url):  # the second is raised by StartTLS
        assert problems(opened(settings, directory_urls=url)) == []
        assert opened(settings, directory_urls=url).authenticate("wang", PASSWORD) is not None


def test_a_server_of_another_hospital_gets_no_password(
    settings: dict[str, Any], directory: DirectoryServer, tmp_path: Path
) -> None:
    write_certificates(tmp_path)
    for url in (directory.tls_url, directory.url):
        stranger = opened(settings, directory_urls=url, directory_ca_file=str(tmp_path / "ca.pem"))
        assert problems(stranger) == ["certificate"]
        with pytest.raises(DirectoryUnavailable):
            stranger.authenticate("wang", PASSWORD)


def test_a_certificate_for_another_name_is_not_taken(
    settings: dict[str, Any], directory: DirectoryServer
) -> None:
    # "localhost" is the same machine, but not a name that the certificate holds.
    url = directory.tls_url.replace("127.0.0.1", "localhost")
    assert problems(opened(settings, directory_urls=url)) == ["certificate"]


def test_a_wrong_bind_password_is_told_from_an_outage(
    settings: dict[str, Any], directory: DirectoryServer, tmp_path: Path
) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text("wrong")
    assert problems(opened(settings, directory_password_file=str(wrong))) == ["refused"]
    assert problems(opened(settings, directory_password_file=str(tmp_path / "missing"))) == ["password_file"]
    assert problems(opened(settings, directory_base_dn=f"ou=gone,{BASE}")) == ["search"]


def test_a_server_that_never_answers_is_waited_for_a_while(
    settings: dict[str, Any], silent: SilentServer
) -> None:
    directory = opened(settings, directory_urls=silent.url, directory_seconds=1)
    begun = time.monotonic()

    with pytest.raises(DirectoryUnavailable):
        directory.authenticate("wang", PASSWORD)

    assert time.monotonic() - begun < 60  # not for ever


def test_a_server_that_failed_is_asked_last_for_a_while(
    settings: dict[str, Any], directory: DirectoryServer, silent: SilentServer
) -> None:
    directory.add("wang")
    urls = f"{silent.url} {directory.tls_url}"
    both = opened(settings, directory_urls=urls, directory_seconds=1)
    assert both.authenticate("wang", PASSWORD) is not None
    assert silent.asked() > 0

    assert both.authenticate("wang", PASSWORD) is not None

    assert silent.asked() == 0


def test_a_slow_directory_does_not_take_every_thread(settings: dict[str, Any], silent: SilentServer) -> None:
    configuration = configuration_of(
        Settings(**settings | {"directory_urls": silent.url, "directory_seconds": 4})
    )
    assert configuration is not None
    directory = Directory(configuration, at_once=1)

    def ask() -> None:
        with pytest.raises(DirectoryUnavailable):
            directory.find("wang")

    first = threading.Thread(target=ask)
    first.start()
    while not silent.asked():
        time.sleep(0.01)
    ask()
    assert silent.asked() == 0  # it gave up in the queue
    first.join()


@pytest.mark.parametrize("password", ["", "\0", "wrong"])
def test_a_bind_that_proves_nothing_is_not_taken_for_a_password(
    settings: dict[str, Any], directory: DirectoryServer, password: str
) -> None:
    directory.add(
        "wang"
    )  # to whom OpenLDAP, like others, would answer a bind without a password with success
    assert opened(settings).authenticate("wang", password) is None


def test_only_who_fits_the_filter_may_sign_in(settings: dict[str, Any], directory: DirectoryServer) -> None:
    directory.add("wang", employeeType="retired")
    directory.add("li")
    serving = opened(settings, directory_filter="(&(objectClass=person)(!(employeeType=retired)))")

    assert serving.authenticate("wang", PASSWORD) is None
    assert serving.authenticate("li", PASSWORD) is not None


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"directory_urls": "ldaps://dc1.hospital.test", "directory_ca_file": ""}, "directory_ca_file"),
        ({"directory_urls": "ldap://dc1.hospital.test", "directory_ca_file": ""}, "directory_ca_file"),
        ({"directory_ca_file": "/nowhere/ca.pem"}, "directory_ca_file"),
        ({"directory_urls": "http://dc1"}, "directory_urls"),
        ({"directory_urls": "ldaps://dc1/dc=x"}, "directory_urls"),
        ({"directory_urls": "ldaps://dc1:port"}, "directory_urls"),
        ({"directory_base_dn": ""}, "directory_base_dn"),
        ({"directory_filter": "objectClass=person"}, "directory_filter"),
        ({"directory_login_attribute": "uid=*)("}, "directory_login_attribute"),
        ({"directory_group_filter": "(member=*)"}, "directory_group_filter"),
        ({"directory_password_file": ""}, "directory_password_file"),
        ({"directory_templates": "CT"}, "directory_templates"),
        ({"directory_templates": '{"no dn": "CT"}'}, "directory_templates"),
        ({"directory_seconds": 0}, "directory_seconds"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    settings: dict[str, Any], changes: dict[str, Any], name: str
) -> None:
    with pytest.raises(SettingWrong, match=name):
        configuration_of(Settings(**settings | changes))


def test_on_this_machine_alone_no_certificate_is_needed(settings: dict[str, Any]) -> None:
    plain = settings | {"directory_ca_file": ""}
    assert configuration_of(Settings(**plain | {"directory_urls": "ldap://127.0.0.1 ldap://[::1]"}))


def test_the_first_fitting_group_gives_the_template(settings: dict[str, Any]) -> None:
    given = '{"cn=CT, ou=groups,dc=x": "CT", "cn=mr,ou=groups,dc=x": "MR", "*": "Others"}'
    configuration = configuration_of(Settings(**settings | {"directory_templates": given}))
    assert configuration is not None
    assert configuration.template_of({"cn=mr,ou=groups,dc=x", "cn=ct,ou=groups,dc=x"}) == "CT"
    assert configuration.template_of({"cn=mr,ou=groups,dc=x"}) == "MR"
    assert configuration.template_of(set()) == "Others"
    assert replace(configuration, templates={}).template_of({"cn=ct,ou=groups,dc=x"}) is None
