"""In which language the command line speaks."""

from __future__ import annotations

import os

import click


def language() -> str:
    """`ZHENSHU_LANGUAGE`, else the locale's language if it is Chinese or English, else Chinese."""
    if (chosen := os.environ.get("ZHENSHU_LANGUAGE", "")) in ("zh", "en"):
        return chosen
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if locale.startswith("en") else "zh"


def say(zh: str, en: str, err: bool = False) -> None:
    """Print one of the two."""
    click.echo(zh if language() == "zh" else en, err=err)
