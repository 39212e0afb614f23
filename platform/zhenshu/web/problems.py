"""What is wrong with a request, place by place, in both languages. Values are never quoted."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Any

from jsonschema import Draft202012Validator, ValidationError

from zhenshu.web.errors import NotValid
from zhenshu.web.language import request_language

MOST = 50  # problems told at once

_TYPES_ZH = {
    "string": "文本",
    "integer": "整数",
    "number": "数字",
    "boolean": "布尔值",
    "array": "列表",
    "object": "对象",
    "null": "空值",
}

# JSON Schema keyword -> (English, Chinese); {wanted} is the keyword's value.
_MESSAGES = {
    "type": ("must be {wanted}", "必须是{wanted}"),
    "required": ("{missing} is missing", "缺少 {missing}"),
    "additionalProperties": ("has unknown names: {unknown}", "含有未知的名称：{unknown}"),
    "enum": ("must be one of {wanted}", "必须是以下之一：{wanted}"),
    "const": ("must be {wanted}", "必须是 {wanted}"),
    "minimum": ("must be at least {wanted}", "不得小于 {wanted}"),
    "maximum": ("must be at most {wanted}", "不得大于 {wanted}"),
    "minLength": ("needs at least {wanted} characters", "至少需要 {wanted} 个字符"),
    "maxLength": ("has more than {wanted} characters", "超过 {wanted} 个字符"),
    "minItems": ("needs at least {wanted} items", "至少需要 {wanted} 项"),
    "maxItems": ("has more than {wanted} items", "超过 {wanted} 项"),
    "minProperties": ("needs at least {wanted} names", "至少需要 {wanted} 个名称"),
    "maxProperties": ("has more than {wanted} names", "超过 {wanted} 个名称"),
    "uniqueItems": ("has an item twice", "含有重复项"),
    "pattern": ("does not match {wanted}", "不符合格式 {wanted}"),
}
_OTHER = ("does not fit its schema ({keyword})", "不符合要求（{keyword}）")


def validate(validator: Draft202012Validator, value: Any, where: str) -> None:
    """Check `value`, found in `where` ("body" or "query").

    Raises:
        NotValid: with up to MOST problems.
    """
    problems = [_problem(error, where) for error in islice(validator.iter_errors(value), MOST)]
    if problems:
        raise NotValid(problems=problems)


def _problem(error: ValidationError, where: str) -> dict[str, str]:
    path = "".join(f"/{part}" for part in error.absolute_path)
    return {"in": where, "path": path, "message": _message(error, request_language())}


def _message(error: ValidationError, language: str) -> str:
    keyword = str(error.validator)
    template = _MESSAGES.get(keyword, _OTHER)[language == "zh"]
    return template.format(
        keyword=keyword,
        wanted=_wanted(error, language),
        missing=", ".join(_missing(error)),
        unknown=", ".join(_unknown(error)),
    )


def _wanted(error: ValidationError, language: str) -> str:
    wanted: Any = error.validator_value
    if error.validator == "type":
        names = [wanted] if isinstance(wanted, str) else wanted
        return "/".join(_TYPES_ZH.get(name, name) if language == "zh" else name for name in names)
    return ", ".join(map(str, wanted)) if isinstance(wanted, list) else str(wanted)


def _missing(error: ValidationError) -> Iterable[str]:
    """The missing name. jsonschema makes an error for each, and says which only in its message."""
    names: Any = error.validator_value if error.validator == "required" else ()
    return [name for name in names if error.message.startswith(repr(name) + " ")]


def _unknown(error: ValidationError) -> Iterable[str]:
    if error.validator != "additionalProperties" or not isinstance(error.instance, dict):
        return ()
    schema: Any = error.schema
    known = schema.get("properties", {})
    return islice((name[:64] for name in error.instance if name not in known), 10)
