"""Starting the next script: `python -m zhenshu.db.migrations.new NAME MODULE...`.

MODULE names the modules that declare tables, e.g. `metamodel.tables`: the ground knows none of them. What
Alembic proposes is a draft. Read it, and add what it can't see: data, triggers, sequences.
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from alembic import command

from zhenshu.db.migrations.upgrade import config_for, upgrade
from zhenshu.instance import Instance
from zhenshu.settings import Settings

VERSIONS = Path(__file__).parent / "versions"


def new_script(name: str, folder: Path = VERSIONS) -> Path:
    """Write the script that brings today's newest revision to what the imported tables declare."""
    number = len(list(VERSIONS.glob("[0-9]*.py"))) + 1
    revision = f"{number:04}_{name}"
    with TemporaryDirectory() as home:
        instance = Instance(Settings(home=Path(home)))
        upgrade(instance)
        with instance.engine.connect() as conn:
            config = config_for(conn)
            config.set_main_option("file_template", "%%(rev)s")
            config.set_main_option("path_separator", "newline")
            config.set_main_option("version_locations", f"{VERSIONS}\n{folder}")
            path = str(folder)
            command.revision(config, name.replace("_", " "), True, rev_id=revision, version_path=path)
        instance.close()
    return folder / f"{revision}.py"


if __name__ == "__main__":
    for module in sys.argv[2:]:
        import_module(module)
    print(new_script(sys.argv[1]))
