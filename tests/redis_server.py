"""A private Redis server for the tests: loopback, a random password, nothing written to disk."""

import secrets
import shutil
from pathlib import Path

import redis

from tests.servers import Server, free_port, plain_user, private_folder


class RedisServer:
    """A running Redis server.

    Raises:
        ServerFailed: when it can't be started.
    """

    def __init__(self, program: Path) -> None:
        user = plain_user("redis")
        folder = private_folder("zhenshu-redis-", user)
        password = secrets.token_urlsafe(16)
        port = free_port()
        self.url = f"redis://:{password}@127.0.0.1:{port}/0"
        configuration = folder / "redis.conf"
        configuration.touch(mode=0o600)
        lines = ["bind 127.0.0.1", f"port {port}", f"requirepass {password}", "appendonly no", 'save ""']
        configuration.write_text("\n".join([*lines, f"dir {folder}", ""]))
        if user is not None:
            shutil.chown(configuration, user)
        self._client = redis.Redis.from_url(self.url)
        self._server = Server([program, configuration], folder, user, self._answers, stop_signal="TERM")

    def _answers(self) -> bool:
        try:
            return bool(self._client.ping())
        except redis.ConnectionError:
            return False

    def empty(self) -> None:
        """Remove every key of every Redis database."""
        self._client.flushall()

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self._client.close()
        self._server.stop()
