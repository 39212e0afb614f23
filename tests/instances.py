"""Instances of the platform for tests: a home folder, keys and a migrated database."""

from pathlib import Path

from zhenshu.db.migrations import upgrade
from zhenshu.instance import Instance
from zhenshu.security.secrets import Secrets
from zhenshu.settings import Settings


def an_instance(home: Path, database_url: str = "", **settings: object) -> Instance:
    """A new instance in `home`, its database at the newest revision; SQLite unless a URL says otherwise."""
    home.mkdir(parents=True, exist_ok=True)
    values = {"home": home, "database_url": database_url, "busy_seconds": 5} | settings
    instance = Instance(Settings(**values))
    Secrets.create(instance.settings.secrets_folder)
    upgrade(instance)
    return instance
