"""Masking: the methods there are, masking types with their examples and uses, and previews on samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from metamodel.api.drafts import DRAFT_PROBLEM
from metamodel.api.schemas import CODE, FLAG, LABEL, VERSION
from metamodel.api.shared import DESIGN, VIEW, sliced
from metamodel.api.views import document_label, label_view
from metamodel.catalogue import Database, catalogue_of
from metamodel.definitions import (
    NoDraft,
    Problem,
    delete_draft,
    list_definitions,
    load_draft,
    validate_document,
)
from metamodel.masking import KIND, live_documents
from metamodel.masking.keys import Keys, preview_keys
from metamodel.masking.methods import METHODS, PROMISES, Method, method
from metamodel.masking.methods.base import Parameter
from metamodel.masking.samples import Sample, example_of, invented_samples, masked_samples
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import PAGING, TEXT, list_of, object_of, page_of, query_of

PARAMETERS = {"type": "object", "description": "Those that differ from the method's defaults"}
SAMPLE = object_of({"before": TEXT, "after": TEXT})
MAYBE_SAMPLE = {"anyOf": [SAMPLE, {"type": "null"}]}
METHOD = object_of(
    {
        "name": TEXT,
        "label": LABEL,
        "does": LABEL,
        "leaves": {**LABEL, "description": "What it does not protect"},
        "kinds": list_of(TEXT),
        "promises": list_of(LABEL),
        "parameters": list_of(
            object_of(
                {
                    "name": TEXT,
                    "label": LABEL,
                    "schema": {"type": "object"},
                    "default": {"type": ["integer", "boolean", "string"]},
                    "choices": list_of(object_of({"code": TEXT, "label": LABEL})),
                    "when": {
                        "anyOf": [object_of({"name": TEXT, "is": TEXT}), {"type": "null"}],
                        "description": "It counts only where this other parameter is so",
                    },
                }
            )
        ),
    }
)
MASKING_TYPE = object_of(
    {
        "code": TEXT,
        "label": LABEL,
        "description": LABEL,
        "method": TEXT,
        "parameters": PARAMETERS,
        "example": {**MAYBE_SAMPLE, "description": "Before and after, by the live release if there is one"},
        "kinds": list_of(TEXT),
        "published": FLAG,
        "has_draft": FLAG,
        "draft_version": VERSION,
        "uses": {"type": "integer", "description": "Fields of published databases that name it"},
    }
)
USE = object_of(
    {
        "database": CODE,
        "database_label": LABEL,
        "record_type": CODE,
        "record_type_label": LABEL,
        "field": CODE,
        "field_label": LABEL,
        "identifying": FLAG,
    }
)
SAMPLES = {
    "type": "array",
    "items": {"type": "string", "maxLength": 200},
    "maxItems": 20,
    "description": "What somebody typed; none: invented ones",
}
PREVIEW = object_of({"method": TEXT, "parameters": PARAMETERS, "samples": SAMPLES}, ["method"])
PREVIEWED = object_of({"items": list_of(SAMPLE), "problems": list_of(DRAFT_PROBLEM)})


SEARCH = {"type": "string", "maxLength": 200, "default": "", "description": "Part of a name or code"}


class Masking(Api):
    @endpoint(
        "GET", "/masking/methods",
        summary={"zh": "脱敏方法", "en": "The ways to mask a value, with their parameters."},
        needs=VIEW,
        returns={200: object_of({"items": list_of(METHOD)})},
    )  # fmt: skip
    def methods(self) -> dict[str, Any]:
        return {"items": [_method_view(each) for each in METHODS.values()]}

    @endpoint(
        "GET", "/masking/types",
        summary={"zh": "脱敏类型", "en": "Masking types with an example before and after."},
        needs=VIEW,
        params=query_of({**PAGING, "search": SEARCH}),
        returns={200: page_of(MASKING_TYPE)},
    )  # fmt: skip
    def list(self) -> dict[str, Any]:
        with self.read() as uow:
            live = live_documents(uow)
            keys = preview_keys(self.instance.secrets)
            used: dict[str, int] = {}
            for name, _ in _uses(uow):
                used[name] = used.get(name, 0) + 1
            found = [
                _type_view(live.get(item.code) or load_draft(uow, KIND, item.code).document, keys)
                | {
                    "published": item.live_release_id is not None,
                    "has_draft": item.has_draft,
                    "draft_version": item.version,
                    "uses": used.get(item.code, 0),
                }
                for item in list_definitions(uow, KIND)
            ]
        word = self.params["search"].strip().lower()
        found = [each for each in found if any(word in name.lower() for name in _names(each))]
        return sliced(found, self.params["after"], self.params["limit"])

    @endpoint(
        "GET", "/masking/types/<code>/uses",
        summary={"zh": "脱敏类型的使用", "en": "The fields of published databases that name a masking type."},
        needs=DESIGN,
        params=query_of(PAGING),
        returns={200: page_of(USE)},
        errors=[NotFound],
    )  # fmt: skip
    def uses(self, code: str) -> dict[str, Any]:
        with self.read() as uow:
            load_draft(uow, KIND, code)
            found = [use for name, use in _uses(uow) if name == code]
        return sliced(found, self.params["after"], self.params["limit"])

    @endpoint(
        "POST", "/masking/preview",
        summary={"zh": "脱敏预览", "en": "What a method does to typed or invented samples."},
        needs=DESIGN,
        body=PREVIEW,
        returns={200: PREVIEWED},
        errors=[NotFound],
    )  # fmt: skip
    def preview(self) -> dict[str, Any]:
        way = method(self.body["method"])
        parameters = self.body.get("parameters", {})
        document = {"kind": KIND, "code": "preview", "method": way.name, "parameters": parameters}
        if problems := validate_document(document):
            return {"items": [], "problems": [each.to_json() for each in problems]}
        samples = self.body.get("samples") or invented_samples(way, parameters)
        made = masked_samples(way, parameters, samples, preview_keys(self.instance.secrets))
        return {"items": [_sample_view(each) for each in made], "problems": list[Problem]()}

    @endpoint(
        "DELETE", "/masking/types/<code>/draft",
        summary={"zh": "放弃脱敏类型草稿", "en": "Throw a masking type's draft away; the live one stays."},
        needs=DESIGN,
        returns={204: None},
        errors=[NotFound, NoDraft],
    )  # fmt: skip
    def discard(self, code: str) -> None:
        with self.write() as uow:
            delete_draft(uow, KIND, code)


def _names(line: Mapping[str, Any]) -> tuple[str, ...]:
    return (line["code"], *line["label"].values())


def _uses(uow: UnitOfWork) -> Iterator[tuple[str, dict[str, Any]]]:
    """Masking type and place of each field that names one."""
    for database in catalogue_of(uow).databases.values():
        yield from _uses_in(database)


def _uses_in(database: Database) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind in database.record_types:
        for item in kind.fields:
            if item.masking:
                yield (
                    item.masking,
                    {
                        "database": database.code,
                        "database_label": label_view(database.label),
                        "record_type": kind.code,
                        "record_type_label": label_view(kind.label),
                        "field": item.code,
                        "field_label": label_view(item.label),
                        "identifying": item.identifying,
                    },
                )


def _both(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def _method_view(way: Method) -> dict[str, Any]:
    return {
        "name": way.name,
        "label": _both(way.zh, way.en),
        "does": _both(way.does_zh, way.does_en),
        "leaves": _both(way.leaves_zh, way.leaves_en),
        "kinds": list(way.kinds),
        "promises": [_both(*PROMISES[name]) for name in way.promises],
        "parameters": [_parameter_view(each) for each in way.parameters],
    }


def _parameter_view(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "label": _both(parameter.zh, parameter.en),
        "schema": parameter.schema,
        "default": parameter.default,
        "choices": [{"code": code, "label": _both(*words)} for code, words in parameter.choices.items()],
        "when": None if parameter.when is None else dict(zip(("name", "is"), parameter.when, strict=True)),
    }


def _type_view(document: Mapping[str, Any], keys: Keys) -> dict[str, Any]:
    example = None if validate_document(document) else example_of(document, keys)
    way = METHODS.get(document["method"])
    return {
        "code": document["code"],
        "label": document_label(document.get("label")),
        "description": document_label(document.get("description")),
        "method": document["method"],
        "parameters": document.get("parameters", {}),
        "example": None if example is None else _sample_view(example),
        "kinds": list(way.kinds) if way else [],
    }


def _sample_view(sample: Sample) -> dict[str, str]:
    return {"before": sample.before, "after": sample.after}
