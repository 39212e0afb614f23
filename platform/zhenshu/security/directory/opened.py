"""The directory of an instance, set up once per process."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zhenshu.errors import ZhenshuError
from zhenshu.security.directory.client import Directory
from zhenshu.security.directory.configuration import configuration_of

if TYPE_CHECKING:
    from zhenshu.instance import Instance

KEY = "security.directory"


class NoDirectory(ZhenshuError):
    """No directory (LDAP) is set up here. Nothing was changed."""

    status = 422
    zh = "本系统未配置目录服务。未作任何修改。"


def directory_of(instance: Instance) -> Directory | None:
    """The directory that the settings name, or None.

    Raises:
        SettingWrong.
    """
    if KEY not in instance.memo:
        found = configuration_of(instance.settings)
        at_once = max(1, instance.settings.web_threads // 2)  # a slow directory must not take every thread
        instance.memo[KEY] = Directory(found, at_once) if found else None
    opened: Directory | None = instance.memo[KEY]
    return opened


def require_directory(instance: Instance) -> Directory:
    """
    Raises:
        NoDirectory, SettingWrong.
    """
    directory = directory_of(instance)
    if directory is None:
        raise NoDirectory
    return directory


def check_directory(instance: Instance) -> Sequence[str]:
    """What is wrong with each server of the directory.

    Raises:
        SettingWrong.
    """
    directory = directory_of(instance)
    failures = directory.failures() if directory else []
    return [f"{failure.server}: {failure.problem}" for failure in failures]
