"""The language of a request: what it asks for, else the user's, else the instance's."""

from __future__ import annotations

from flask import current_app, g, request

LANGUAGES = ("zh", "en")


def request_language() -> str:
    """ "zh" or "en"."""
    asked = request.accept_languages.best_match(LANGUAGES) if request.accept_languages else None
    if asked is not None:
        return asked
    caller = g.get("caller")
    language: str = caller.subject.language if caller else current_app.config["ZHENSHU_LANGUAGE"]
    return language
