"""Who works at the machine itself."""

from __future__ import annotations

import getpass

from zhenshu.security.subject import Subject


def operator() -> Subject:
    """The operating system's user, who may do everything here anyway."""
    return Subject(None, f"operator:{getpass.getuser()}", is_system=True)
