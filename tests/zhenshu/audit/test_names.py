"""Everything the trail can hold has a name: each act that the code records, and each kind of thing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from zhenshu.audit.names import ACTS, KINDS
from zhenshu.audit.verify import FaultKind

ROOT = Path(__file__).parents[3]
ROOMS = ("platform", "metamodel", "forms", "modules")
# What is recorded where the act or the kind is a variable, by file.
ACTS_OF = {
    "zhenshu/jobs/queue.py": {"cancel", "retry"},
    "zhenshu/security/login.py": {"log_in", "change_password", "confirm"},
    "zhenshu/security/grants/following.py": {"grant_follow", "grant_close"},
    "zhenshu/security/requests/acts.py": {"ask", "grant", "refuse", "withdraw", "revoke", "end"},
    "zhenshu/security/requests/ends.py": {"revoke", "end"},
    "metamodel/records/session.py": {"add", "change", "read", "trash", "restore", "grade"},
    "metamodel/records/trash.py": {"trash", "restore"},
    "metamodel/filters/store.py": {
        f"{act}_{what}" for act in ("save", "change", "remove", "restore") for what in ("filter", "cohort")
    },
}
KINDS_OF = {
    "zhenshu/security/projects/acts.py": {"projects"},
    "metamodel/plans/swap.py": {"database"},
    "metamodel/plans/abandon.py": {"database"},
    "metamodel/plans/planning.py": {"database"},
    "metamodel/api/databases.py": {"database"},
    "metamodel/api/releases.py": {"database"},
    "metamodel/definitions/drafts.py": {"database", "field_library", "value_set", "masking_type"},
    "metamodel/definitions/releases.py": {"database", "field_library", "value_set", "masking_type"},
    "metamodel/exchange/importing.py": {"database", "field_library", "value_set", "masking_type"},
    "metamodel/filters/store.py": {"saved_filter", "cohort"},
}


def recorded() -> Iterator[tuple[str, ast.expr, ast.expr | None]]:
    """(file, act, kind) of every place that writes to the trail."""
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*.py")):
            name = str(path.relative_to(ROOT)).removeprefix("platform/")
            if name == "zhenshu/audit/seldom.py":  # passes on what its callers say
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield from _written(name, node)


def _written(name: str, call: ast.Call) -> Iterator[tuple[str, ast.expr, ast.expr | None]]:
    called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if called in ("record", "audit", "record_seldom") and len(call.args) >= 4:
        yield name, call.args[1], call.args[2]
    elif called == "note" and any(keyword.arg == "patients" for keyword in call.keywords):
        yield name, call.args[0], None


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


PLACES = list(recorded())


def test_the_places_are_found() -> None:
    assert len(PLACES) > 60


def test_every_act_has_a_name() -> None:
    acts = {act for _, node, _ in PLACES if (act := literal(node))} | set().union(*ACTS_OF.values())

    assert acts - set(ACTS) == set()


def test_every_kind_has_a_name() -> None:
    kinds = {kind for _, _, node in PLACES if node is not None and (kind := literal(node))}

    assert kinds.union(*KINDS_OF.values()) - set(KINDS) == set()


def test_where_the_act_is_a_variable_its_values_are_said_above() -> None:
    assert {name for name, act, _ in PLACES if literal(act) is None} == set(ACTS_OF)


def test_where_the_kind_is_a_variable_its_values_are_said_above() -> None:
    assert {name for name, _, kind in PLACES if kind is not None and literal(kind) is None} == set(KINDS_OF)


def test_names_are_said_in_both_languages_and_differ() -> None:
    acts = [(act.zh, act.en) for act in ACTS.values()]

    assert all(zh and en for zh, en in [*acts, *KINDS.values()])
    assert len({zh for zh, _ in acts}) == len(acts) == len({en for _, en in acts})


def test_every_fault_of_the_trail_has_words_on_the_page() -> None:
    words = (ROOT / "web/app/pages/audit/texts.ts").read_text(encoding="utf-8").partition("FAULTS")[2]

    assert [kind.value for kind in FaultKind if f"{kind.value}: {{" not in words.replace('"', "")] == []
