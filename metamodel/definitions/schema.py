"""The JSON Schemas of definitions, and what they find wrong, said in both languages."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from pathlib import Path as FilePath
from typing import Any, Final, TypeGuard

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator

from metamodel.definitions.problems import Path, Problem, nearest, pointer, problem
from metamodel.definitions.storable import compact, storage_problems

KINDS: Final = ("database", "field_library", "value_set", "masking_type")
MOST_FIELDS: Final = 20_000  # as the schemas say
MOST_FORMS: Final = 2_000
MOST_ITEMS: Final = 40_000
_FOLDER: Final = FilePath(__file__).parent / "schemas"
_TYPES_ZH: Final = {
    "object": "对象", "array": "列表", "string": "文本", "integer": "整数", "number": "数字",
    "boolean": "true 或 false", "null": "空",
}  # fmt: skip
_SHOWN: Final = 60


@cache
def schema(name: str) -> dict[str, Any]:
    """The JSON Schema `name`: a kind of definition, or "edits"."""
    text = _FOLDER.joinpath(f"{name}.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def database_schema() -> dict[str, Any]:
    """The JSON Schema of a database definition."""
    return schema("database")


def checker(for_schema: dict[str, Any]) -> Validator:
    """A validator of `for_schema`, which has no references."""
    return Draft202012Validator(_strict(for_schema))


def _strict(part: Any) -> Any:
    """`part` with JavaScript's `$` in patterns, as JSON Schema means it: Python's fits before a newline."""
    if isinstance(part, list):
        return [_strict(item) for item in part]
    if not isinstance(part, dict):
        return part
    strict = {key: _strict(item) for key, item in part.items()}
    pattern = strict.get("pattern")
    if isinstance(pattern, str) and pattern.endswith("$"):
        strict["pattern"] = pattern[:-1] + r"\Z"
    return strict


@cache
def validator(name: str) -> Validator:
    """A validator without references: following them takes half of the time."""
    whole = schema(name)
    return checker(inlined(whole, whole.get("$defs", {})))


def inlined(part: Any, definitions: Mapping[str, Any]) -> Any:
    """`part` with each reference to `$defs` replaced by what it refers to."""
    if isinstance(part, list):
        return [inlined(item, definitions) for item in part]
    if not isinstance(part, dict):
        return part
    if (target := part.get("$ref")) is not None:
        return inlined(definitions[target.removeprefix("#/$defs/")], definitions)
    return {key: inlined(item, definitions) for key, item in part.items() if key != "$defs"}


def structure_problems(name: str, document: Any) -> list[Problem]:
    """What the schema `name` finds wrong with a definition.

    Parts found sound before are not looked at again.
    """
    if unstorable := storage_problems(document):
        return unstorable
    hollow, parts = _hollowed(document)
    problems = schema_problems(validator(name), hollow)
    for part in parts:
        problems += _part_problems(name, part)
    return problems


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a document, which the schema defines as `kind`."""

    kind: str
    path: Path
    value: Any


def _hollowed(document: Any) -> tuple[Any, list[_Part]]:
    """`document` without its larger parts, and these; as it is where it has another shape."""
    if not isinstance(document, dict):
        return document, []
    hollow, parts = dict(document), list[_Part]()
    if _are_objects(fields := document.get("fields"), MOST_FIELDS):
        hollow["fields"] = []
        parts += [_Part("field", ("fields", n), item) for n, item in enumerate(fields)]
    types = document.get("record_types")
    if _are_objects(types, len(types or ())) and all(
        _are_objects(item.get("fields"), MOST_FIELDS) for item in types
    ):
        hollow["record_types"] = [{**item, "fields": []} for item in types]
        parts += [
            _Part("field", ("record_types", index, "fields", n), field)
            for index, item in enumerate(types)
            for n, field in enumerate(item["fields"])
        ]
    if _are_objects(forms := document.get("forms"), MOST_FORMS):
        hollow["forms"] = []
        for n, form in enumerate(forms):
            parts += _form_parts(form, ("forms", n))
    sets = document.get("value_sets")
    if isinstance(sets, dict) and _are_objects([*sets.values()], len(sets)):
        hollow["value_sets"] = {code: _EMPTY_SET for code in sets}
        parts += [_Part("value_set", ("value_sets", code), item) for code, item in sets.items()]
    return hollow, parts


def _form_parts(form: dict[str, Any], path: Path) -> Iterator[_Part]:
    if not _are_objects(items := form.get("items"), MOST_ITEMS):
        yield _Part("form", path, form)
        return
    yield _Part("form", path, {**form, "items": []})
    yield from (_Part("item", (*path, "items", n), item) for n, item in enumerate(items))


_EMPTY_SET: Final[Mapping[str, Any]] = {"choices": []}


def _are_objects(items: Any, most: int) -> TypeGuard[list[dict[str, Any]]]:
    fits = isinstance(items, list) and len(items) <= most
    return fits and all(isinstance(item, dict) for item in items)


_sound: dict[bytes, None] = {}  # digests of parts that had no problems; editors send the same ones all day
_MOST_SOUND: Final = 100_000


def _part_problems(name: str, part: _Part) -> list[Problem]:
    digest = blake2b(
        compact(part.value), digest_size=16, person=f"{name[:8]}{part.kind[:8]}".encode()
    ).digest()
    if digest in _sound:
        return []
    problems = schema_problems(part_validator(name, part.kind), part.value)
    if not problems:
        if len(_sound) >= _MOST_SOUND:
            _sound.clear()
        _sound[digest] = None
    at = pointer(part.path)
    return [replace(found, path=at + found.path) for found in problems]


@cache
def part_validator(name: str, part: str) -> Validator:
    """A validator of one part that the schema `name` defines, e.g. "field"."""
    parts = schema(name)["$defs"]
    return checker(inlined(parts[part], parts))


def schema_problems(validator: Validator, document: Any, at: Path = ()) -> list[Problem]:
    """What a validator finds, as problems below `at`."""
    return [item for error in validator.iter_errors(document) for item in _explained(error, at)]


@dataclass(frozen=True, slots=True)
class _Fault:
    """What one keyword of a schema found: the value at fault, the keyword's own value, and its schema."""

    keyword: str
    instance: Any
    wanted: Any
    schema: Any


def _explained(error: ValidationError, at: Path) -> Iterator[Problem]:
    path = (*at, *error.absolute_path)
    keyword = str(error.validator)
    explain = _EXPLAIN.get(keyword)
    if explain is None:
        yield problem(path, "invalid", f"不符合格式：{error.message[:200]}", error.message[:200])
        return
    yield from explain(_Fault(keyword, error.instance, error.validator_value, error.schema), path)


def _unknown_keys(fault: _Fault, path: Path) -> Iterator[Problem]:
    known = fault.schema.get("properties", {})
    for key in fault.instance:
        if key not in known:
            near = nearest(key, known)
            yield problem(
                (*path, key), "unknown_key", f"不认识的键 {_short(key)}", f"unknown key {_short(key)}", near
            )


def _required(fault: _Fault, path: Path) -> Iterator[Problem]:
    for key in fault.wanted:
        if key not in fault.instance:
            yield problem((*path, key), "missing_key", f"缺少 {key}", f"{key} is missing")


def _type(fault: _Fault, path: Path) -> Iterator[Problem]:
    wanted = fault.wanted
    names = [wanted] if isinstance(wanted, str) else list(wanted)
    zh = "或".join(_TYPES_ZH[name] for name in names)
    yield problem(path, "wrong_type", f"此处应为{zh}", f"{' or '.join(names)} expected here")


def _enum(fault: _Fault, path: Path) -> Iterator[Problem]:
    allowed = [str(item) for item in fault.wanted]
    listed, found = ", ".join(allowed), _short(fault.instance)
    near = nearest(str(fault.instance), allowed)
    yield problem(
        path, "not_allowed", f"{found} 不在允许的值中：{listed}", f"{found} is not one of {listed}", near
    )


def _const(fault: _Fault, path: Path) -> Iterator[Problem]:
    value = fault.wanted
    yield problem(path, "not_allowed", f"此处应为 {value}", f"{value} expected here", str(value))


def _pattern(fault: _Fault, path: Path) -> Iterator[Problem]:
    found = _short(fault.instance)
    yield problem(
        path,
        "bad_code",
        f"编码 {found} 只能由小写字母开头，含小写字母、数字和下划线",
        f"code {found} must start with a small letter and hold small letters, digits and _ only",
    )


def _too_long(fault: _Fault, path: Path) -> Iterator[Problem]:
    size, limit = len(fault.instance), fault.wanted
    unit_zh, unit = ("个字符", "characters") if isinstance(fault.instance, str) else ("项", "items")
    yield problem(
        path,
        "too_long",
        f"有 {size:,} {unit_zh}，上限为 {limit:,}",
        f"{size:,} {unit}, the limit is {limit:,}",
    )


def _too_short(fault: _Fault, path: Path) -> Iterator[Problem]:
    yield problem(path, "empty", "不能为空", "this must not be empty")


def _range(fault: _Fault, path: Path) -> Iterator[Problem]:
    limit, found = fault.wanted, fault.instance
    side_zh, side = ("小于", "less than") if fault.keyword == "minimum" else ("大于", "more than")
    yield problem(path, "out_of_range", f"{found} {side_zh} {limit}", f"{found} is {side} {limit}")


def _unique(fault: _Fault, path: Path) -> Iterator[Problem]:
    yield problem(path, "duplicate", "列表中有重复项", "the list holds an item twice")


def _one_of(fault: _Fault, path: Path) -> Iterator[Problem]:
    names = [key for option in fault.wanted for key in option.get("required", ())]
    listed = ", ".join(names)
    yield problem(path, "one_of", f"应当且只能有其中之一：{listed}", f"exactly one of {listed} is needed")


_EXPLAIN: Final = {
    "additionalProperties": _unknown_keys,
    "required": _required,
    "type": _type,
    "enum": _enum,
    "const": _const,
    "pattern": _pattern,
    "maxLength": _too_long,
    "maxItems": _too_long,
    "minLength": _too_short,
    "minItems": _too_short,
    "minimum": _range,
    "maximum": _range,
    "uniqueItems": _unique,
    "oneOf": _one_of,
}


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
