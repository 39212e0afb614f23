"""A private directory for the tests: slapd of OpenLDAP on loopback, with a certificate made for it."""

from __future__ import annotations

import ipaddress
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from ldap3 import HASHED_SALTED_SHA, MODIFY_ADD, MODIFY_REPLACE, Connection
from ldap3 import Server as LdapServer
from ldap3.core.exceptions import LDAPException
from ldap3.utils.hashed import hashed

from tests.servers import Server, free_port, plain_user, private_folder

BASE = "dc=hospital,dc=test"
SERVICE, SERVICE_PASSWORD = f"cn=zhenshu,{BASE}", "Service-Password-1"
ROOT, ROOT_PASSWORD = f"cn=root,{BASE}", "Root-Password-1"
PASSWORD = "Directory-Horse-7"
CT = f"cn=ct,ou=groups,{BASE}"

# Nobody reads anything but the service account; passwords are for binding alone.
CONFIGURATION = """\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile {folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
database mdb
suffix "{base}"
rootdn "{root}"
rootpw {root_password}
directory {folder}/data
sizelimit 500
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{service}" read by * none
"""


def find_slapd() -> Path | None:
    found = shutil.which("slapd") or "/usr/sbin/slapd"
    return Path(found) if Path(found).exists() else None


class DirectoryServer:
    """A running directory with the people whom the tests add.

    Raises:
        ServerFailed: when it can't be started.
    """

    def __init__(self, program: Path) -> None:
        user = plain_user("openldap")
        folder = private_folder("zhenshu-slapd-", user)
        self.port, self.tls_port = free_port(), free_port()
        self.ca_file = folder / "ca.pem"
        write_certificates(folder)
        (folder / "data").mkdir(mode=0o700)
        (folder / "slapd.conf").write_text(
            CONFIGURATION.format(
                folder=folder, base=BASE, root=ROOT, root_password=ROOT_PASSWORD, service=SERVICE
            )
        )
        if user is not None:
            for path in folder.rglob("*"):
                shutil.chown(path, user)
        urls = f"ldap://127.0.0.1:{self.port} ldaps://127.0.0.1:{self.tls_port}"
        command: list[str | Path] = [program, "-d", "0", "-h", urls, "-f", folder / "slapd.conf"]
        self._server = Server(command, folder, user, self._answers, stop_signal="INT")
        self._plant()

    @property
    def url(self) -> str:
        return f"ldap://127.0.0.1:{self.port}"

    @property
    def tls_url(self) -> str:
        return f"ldaps://127.0.0.1:{self.tls_port}"

    def _answers(self) -> bool:
        try:
            self._root().unbind()
        except LDAPException:
            return False
        return True

    def _root(self) -> Connection:
        server = LdapServer("127.0.0.1", self.port, get_info="NO_INFO", connect_timeout=5)
        return Connection(server, ROOT, ROOT_PASSWORD, auto_bind=True, raise_exceptions=True)

    def _do(self, act: str, *arguments: Any, **options: Any) -> None:
        with self._root() as connection:
            getattr(connection, act)(*arguments, **options)

    def _plant(self) -> None:
        self._do("add", BASE, ["dcObject", "organization"], {"o": "Hospital"})
        secret = hashed(HASHED_SALTED_SHA, SERVICE_PASSWORD)
        role = ["organizationalRole", "simpleSecurityObject"]
        self._do("add", SERVICE, role, {"userPassword": secret})
        for unit in ("people", "groups"):
            self._do("add", f"ou={unit},{BASE}", "organizationalUnit")

    def empty(self) -> None:
        """Remove every person and group."""
        with self._root() as connection:
            for unit in ("people", "groups"):
                connection.search(f"ou={unit},{BASE}", "(objectClass=*)", "LEVEL")
                for entry in list(connection.response):
                    connection.delete(entry["dn"])

    def add(self, name: str, **attributes: str) -> str:
        """A person with PASSWORD; the DN."""
        dn = f"uid={name},ou=people,{BASE}"
        shown = attributes.pop("cn", name)
        values = {"cn": shown, "sn": shown, "userPassword": hashed(HASHED_SALTED_SHA, PASSWORD), **attributes}
        self._do("add", dn, "inetOrgPerson", values)
        return dn

    def remove(self, name: str) -> None:
        self._do("delete", f"uid={name},ou=people,{BASE}")

    def change(self, name: str, **attributes: str) -> None:
        changes = {key: [(MODIFY_REPLACE, [value])] for key, value in attributes.items()}
        self._do("modify", f"uid={name},ou=people,{BASE}", changes)

    def set_password(self, name: str, password: str) -> None:
        self.change(name, userPassword=hashed(HASHED_SALTED_SHA, password))

    def rename(self, name: str, new: str) -> None:
        self._do("modify_dn", f"uid={name},ou=people,{BASE}", f"uid={new}")

    def also_called(self, name: str, other: str) -> None:
        """One more value of the attribute that people sign in by."""
        self._do("modify", f"uid={name},ou=people,{BASE}", {"uid": [(MODIFY_ADD, [other])]})

    def put_into(self, group: str, *members: str) -> None:
        self._do("add", group, "groupOfNames", {"member": list(members)})

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self._server.stop()


def write_certificates(folder: Path) -> None:
    """A hospital's own authority (ca.pem) and, signed by it, a certificate for 127.0.0.1 with its key."""
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test hospital CA")])
    ca = _certificate(ca_name, ca_key, ca_name, ca_key, x509.BasicConstraints(ca=True, path_length=0))
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    server_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "directory.hospital.test")])
    server = _certificate(server_name, key, ca_name, ca_key, names)
    for path, certificate in ((folder / "ca.pem", ca), (folder / "server.pem", server)):
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.key").touch(mode=0o600)
    (folder / "server.key").write_bytes(private)


def _certificate(
    name: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePrivateKey,
    extension: x509.ExtensionType,
) -> x509.Certificate:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
        .sign(issuer_key, hashes.SHA256())
    )
