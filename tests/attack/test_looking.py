"""Through another user's eyes one only looks: which POSTs are questions that change nothing, no others."""

from __future__ import annotations

from tests.attack.castle import endpoints, route_name

QUESTIONS = {
    "POST /databases/<code>/forms/<record_type>/check",
    "POST /databases/<code>/records/<record_type>/cohort",
    "POST /databases/<code>/records/<record_type>/counts",
    "POST /databases/<code>/records/<record_type>/search",
    "POST /databases/<code>/records/<record_type>/search/count",
    "POST /rules/check",
    "POST /rules/explain",
    "POST /rules/format",
    "POST /rules/parse",
}


def test_only_these_posts_are_questions_and_change_nothing() -> None:
    assert {route_name(each) for each in endpoints() if each.reads} == QUESTIONS


def test_whoever_looks_needs_no_more_than_to_view() -> None:
    needs = [each.needs for each in endpoints() if each.reads]

    assert all(isinstance(each, tuple) and each[0] == "view" for each in needs)
