"""A private PostgreSQL cluster for the tests: UTF-8, C.UTF-8, Unix socket and loopback, no fsync."""

import re
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL

from tests.servers import Server, ServerFailed, free_port, plain_user, private_folder, run_as

OLDEST = 15
SUPERUSER = "zhenshu_test"
ATTEMPTS = 3  # another process may take the free port between our look and the server's start

# Safe for data that lives for one test: nothing survives a power cut, everything is faster.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "50",
    "listen_addresses": "127.0.0.1",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "lc_messages": "C",
}


def find_binaries() -> Path | None:
    """The folder of the newest PostgreSQL server programs here (version 15 or later), or None."""
    on_path = shutil.which("initdb")
    candidates = [Path(on_path).resolve().parent] if on_path else []
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    candidates += sorted(debian, key=lambda folder: int(folder.parent.name), reverse=True)
    return next((folder for folder in candidates if _is_usable(folder)), None)


def _is_usable(folder: Path) -> bool:
    if not (folder / "initdb").exists() or not (folder / "postgres").exists():
        return False
    version = re.search(r"/(\d+)/bin$", str(folder))
    return version is None or int(version[1]) >= OLDEST


class Cluster:
    """A running cluster with no databases but its own; `database` lends a fresh one.

    Raises:
        ServerFailed: when it can't be made or started.
    """

    def __init__(self, binaries: Path, settings: Mapping[str, str] = SETTINGS) -> None:
        self._binaries = binaries
        self._settings = settings
        self._password = secrets.token_urlsafe(16)
        self._user = plain_user("postgres")
        self._server = self._start()
        self._count = 0

    def _start(self) -> Server:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._try_to_start()
            except ServerFailed:
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _try_to_start(self) -> Server:
        self._folder = private_folder("zhenshu-pg-", self._user)
        self.port = free_port()
        data = self._folder / "data"
        try:
            self._initialise(data)
        except ServerFailed:
            shutil.rmtree(self._folder)
            raise
        options = [f"--port={self.port}", f"--unix-socket-directories={self._folder}"]
        options += [f"--{name}={value}" for name, value in self._settings.items()]
        command = [str(self._binaries / "postgres"), "-D", str(data), *options]
        return Server(command, self._folder, self._user, self._answers, stop_signal="QUIT")

    def _initialise(self, data: Path) -> None:
        # The socket's folder is ours alone, so it needs no password; loopback is open to every local user.
        password_file = self._folder / "password"
        password_file.touch(mode=0o600)
        password_file.write_text(self._password)
        if self._user is not None:
            shutil.chown(password_file, self._user)
        options = ["--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", f"--username={SUPERUSER}"]
        options += ["--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={password_file}"]
        run_as(self._user, [self._binaries / "initdb", "-D", data, *options])

    def _answers(self) -> bool:
        try:
            self._connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(
            host=str(self._folder), port=self.port, user=SUPERUSER, dbname="postgres", autocommit=True
        )

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """Lend the SQLAlchemy URL of a new database, empty or a copy; drop it afterwards, even if in use."""
        self._count += 1
        name = f"test_{self._count}"
        self.create(name, template)
        try:
            yield self.url(name)
        finally:
            with self._connect() as admin:
                admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def create(self, name: str, template: str = "template0") -> None:
        """Make a database that stays; nothing may be connected to its template."""
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8' LOCALE 'C.UTF-8'")
        with self._connect() as admin:
            admin.execute(create.format(sql.Identifier(name), sql.Identifier(template)))

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of one of its databases."""
        url = URL.create("postgresql+psycopg", SUPERUSER, self._password, "127.0.0.1", self.port, database)
        return url.render_as_string(hide_password=False)

    def stop(self) -> None:
        """Stop the server at once and remove its folder."""
        self._server.stop()
