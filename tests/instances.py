"""Instances of the platform for tests: a home folder, keys and a migrated database."""

from pathlib import Path

from sqlalchemy import insert

from tests.migrated import migrate
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.account_policy import NAME, ROLES
from zhenshu.security.secrets import Secrets
from zhenshu.security.tables import security_setting
from zhenshu.settings import Settings


def an_instance(
    home: Path, database_url: str = "", *, second_factor: bool = False, **settings: object
) -> Instance:
    """A new instance in `home`, its database at the newest revision; SQLite unless a URL says otherwise.

    Here, and nowhere else, tests are spared the second factor that administrators otherwise have to have;
    with `second_factor` the policy is as on a real instance.
    """
    home.mkdir(parents=True, exist_ok=True)
    values = {"home": home, "database_url": database_url, "busy_seconds": 5} | settings
    instance = Instance(Settings(**values))
    Secrets.create(instance.settings.secrets_folder)
    migrate(instance)
    if not second_factor:
        with instance.write(SYSTEM, Channel.API) as uow:
            values = {"name": NAME, "value": {ROLES: []}}  # beside the trail, whose entries tests count
            uow.conn.execute(insert(security_setting).values(values))
    return instance
