"""A connection to one server of the directory, known by its certificate, with every wait bounded."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from ldap3 import ANONYMOUS, NONE, SIMPLE, SYNC, Connection, Server, Tls
from ldap3.core.exceptions import LDAPCertificateError, LDAPException, LDAPSocketOpenError

from zhenshu.errors import SettingWrong
from zhenshu.security.directory.configuration import DirectoryConfiguration, DirectoryServer


class Failed(Exception):
    """A server answered, but not as needed; `problem` as in Failure."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


@contextmanager
def opened(configuration: DirectoryConfiguration, server: DirectoryServer) -> Iterator[Connection]:
    """An anonymous connection over TLS, or plain on this machine; gone afterwards.

    Raises:
        LDAPException, OSError, Failed.
    """
    connection = Connection(
        _described(configuration, server), version=3, authentication=ANONYMOUS, client_strategy=SYNC,
        auto_bind=False, auto_referrals=False, read_only=True, raise_exceptions=False,
        receive_timeout=configuration.seconds,
    )  # fmt: skip
    try:
        connection.open(read_server_info=False)
        if server.scheme == "ldap" and configuration.ca_file and not _raised(connection):
            raise Failed("certificate")
        yield connection
    finally:
        connection.password = None
        with suppress(LDAPException, OSError):
            connection.unbind()


def _raised(connection: Connection) -> bool:
    return bool(connection.start_tls(read_server_info=False))


def _described(configuration: DirectoryConfiguration, server: DirectoryServer) -> Server:
    tls = None
    if configuration.ca_file:
        tls = Tls(
            validate=ssl.CERT_REQUIRED,
            ca_certs_file=configuration.ca_file,
            ssl_options=[ssl.OP_NO_TLSv1, ssl.OP_NO_TLSv1_1],
        )
    return Server(
        server.host, server.port, use_ssl=server.scheme == "ldaps", tls=tls, get_info=NONE,
        connect_timeout=configuration.seconds, allowed_referral_hosts=[],
    )  # fmt: skip


def bind_service(configuration: DirectoryConfiguration, connection: Connection) -> None:
    """Bind as the one who searches.

    Raises:
        Failed: when the directory refuses the DN or its password, or the password can't be read.
    """
    if not configuration.bind_dn:
        return
    connection.user, connection.authentication = configuration.bind_dn, SIMPLE
    try:
        connection.password = configuration.bind_password()
    except SettingWrong as error:
        raise Failed("password_file") from error
    if not connection.bind(read_server_info=False):
        raise Failed("refused")


def problem_of(error: Exception) -> str:
    """What the error means, without its words, which may hold a name or a DN."""
    if isinstance(error, Failed):
        return error.problem
    if isinstance(error, LDAPCertificateError) or "certificate" in str(error).lower():
        return "certificate"
    return "unreachable" if isinstance(error, LDAPSocketOpenError | OSError) else "failed"
