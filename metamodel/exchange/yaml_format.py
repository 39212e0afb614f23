"""Definitions as YAML: our own format, read safely and written without loss."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import yaml

from metamodel.exchange.errors import MalformedYaml
from metamodel.exchange.source import SourceFile

DEEPEST = 60  # levels; a definition has 8


class _Refused(yaml.MarkedYAMLError):
    """What is YAML, but not what a definition is written in."""

    def __init__(self, reason: str, reason_zh: str, mark: Any) -> None:
        super().__init__(problem=reason, problem_mark=mark)
        self.reason_zh = reason_zh


class _Loader(yaml.CSafeLoader):
    """Knows JSON's types only: 2026-03-05, 12:30, on and 010 stay the texts they are."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012 - set below

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                raise _Refused(f"key {key.value} is there twice", f"键 {key.value} 重复出现", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


class _Dumper(yaml.CSafeDumper):
    """Writes no aliases, since they are not read."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


_SCALARS = (
    ("null", r"~|null|", ["~", "n", ""]),
    ("bool", r"true|false", ["t", "f"]),
    ("int", r"-?(?:0|[1-9][0-9]*)", list("-0123456789")),
    ("float", r"-?(?:0|[1-9][0-9]*)\.[0-9]*(?:[eE][-+][0-9]+)?", list("-0123456789")),
)
for _name, _pattern, _first in _SCALARS:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(rf"^(?:{_pattern})$"), _first)


def read_yaml(file: SourceFile) -> dict[str, Any]:
    """The document in a YAML file.

    Raises:
        MalformedYaml: when it is not YAML; at an alias, a tag or a repeated key; when it is no mapping.
    """
    text = file.text()
    try:
        _check_events(text)
        document = yaml.load(text, _Loader)  # a SafeLoader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        reason = error.problem or "not YAML"
        zh = error.reason_zh if isinstance(error, _Refused) else "语法错误"
        raise MalformedYaml(file=file.name, line=line, reason=reason, reason_zh=zh) from error
    except (yaml.YAMLError, ValueError) as error:
        raise MalformedYaml(file=file.name, line=1, reason=str(error), reason_zh="内容无法读取") from error
    if not isinstance(document, dict):
        raise MalformedYaml(file=file.name, line=1, reason="it is no mapping", reason_zh="顶层不是映射")
    return document


def write_yaml(document: dict[str, Any]) -> str:
    """The document as YAML; `read_yaml` gives back exactly the same."""
    text: str = yaml.dump(document, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    return text


def _check_events(text: str) -> None:
    """Aliases can blow a small file up, deep nesting breaks the stack, tags make other types."""
    depth = 0
    for event in yaml.parse(text, yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise _Refused("aliases are not read here", "不支持别名（alias）", event.start_mark)
        if isinstance(event, yaml.NodeEvent) and getattr(event, "tag", None) not in {None, "!"}:
            raise _Refused("tags are not read here", "不支持标签（tag）", event.start_mark)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise _Refused(f"more than {DEEPEST} levels", f"嵌套超过 {DEEPEST} 层", event.start_mark)
