"""What can be wrong with masking types, and with how fields name them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from metamodel.catalogue.compile import compile_field
from metamodel.definitions.problems import Path, Problem, problem
from metamodel.definitions.schema import checker, schema_problems
from metamodel.definitions.structure import unknown
from metamodel.masking.kinds import kind_of
from metamodel.masking.methods import METHODS
from metamodel.masking.types import live_documents
from zhenshu.db.unit_of_work import UnitOfWork

Json = Mapping[str, Any]

KINDS_ZH: Final = {
    "text": "文本", "choice": "选项", "number": "数值", "date": "日期", "datetime": "日期时间",
    "boolean": "是否", "other": "此类",
}  # fmt: skip


def masking_type_problems(document: Json) -> Iterator[Problem]:
    """An unknown method, or parameters that it does not take."""
    name = document["method"]
    if name not in METHODS:
        yield unknown(("method",), "unknown_method", "脱敏方法", "masking method", name, METHODS)
        return
    schema = checker(METHODS[name].options_schema())
    yield from schema_problems(schema, document.get("parameters", {}), ("parameters",))


def masking_problems(uow: UnitOfWork, document: Json) -> list[Problem]:
    """Warnings of fields whose masking type is not published or can't mask such values.

    They hinder nothing: such a field is covered whole.
    """
    fields = list(_named(document))
    if not fields:
        return []
    live = live_documents(uow)
    return [found for field, path in fields if (found := _problem(field, path, live)) is not None]


def _named(document: Json) -> Iterator[tuple[Json, Path]]:
    holders: list[tuple[Json, Path]] = [(document, ())]
    holders += [(item, ("record_types", n)) for n, item in enumerate(document.get("record_types", ()))]
    for holder, path in holders:
        for n, field in enumerate(holder.get("fields", ())):
            if field.get("masking"):
                yield field, (*path, "fields", n, "masking")


def _problem(item: Json, path: Path, live: Mapping[str, Json]) -> Problem | None:
    name = item["masking"]
    if name not in live:
        found = unknown(path, "unknown_masking_type", "脱敏类型", "masking type", name, live)
        zh, en = f"{found.zh}；该字段将全部遮盖", f"{found.en}; the field is covered whole"
        return Problem(found.path, found.code, zh, en, found.suggestion, "warning")
    method = METHODS.get(live[name]["method"])
    kind = kind_of(compile_field({**item, "minimum": None, "maximum": None}, {}))
    if method is None or kind in method.kinds:
        return None
    zh = f"脱敏类型 {name} 不适用于{KINDS_ZH[kind]}字段；该字段将全部遮盖"
    en = f"masking type {name} does not fit a field of this type; the field is covered whole"
    return problem(path, "masking_does_not_fit", zh, en, severity="warning")
