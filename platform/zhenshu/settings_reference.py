"""The reference page of all settings, made from `Settings` itself: `python -m zhenshu.settings_reference`."""

from __future__ import annotations

from dataclasses import fields

from zhenshu.settings import Settings

HEAD = """\
# Settings

<!-- Made by `python -m zhenshu.settings_reference > docs/reference/settings.md`; a test notices lag. -->

A setting is read from the environment (`ZHENSHU_PORT=8081`), else from `settings.toml` in the instance's
folder (`port = 8081`), else it has its default. The folder itself is `ZHENSHU_HOME`.

| setting | environment | default | meaning |
| --- | --- | --- | --- |
"""


def page() -> str:
    """The page as Markdown."""
    return HEAD + "".join(
        f"| `{field.name}` | `ZHENSHU_{field.name.upper()}` | {_shown(field.default)} "
        f"| {field.metadata['doc']} |\n"
        for field in fields(Settings)
    )


def _shown(default: object) -> str:
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{default}`" if str(default) else "empty"


if __name__ == "__main__":
    print(page(), end="")
