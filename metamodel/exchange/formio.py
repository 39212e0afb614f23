"""Form.io forms as a project. JavaScript in them is never run; it is listed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from metamodel.exchange.choices import ChoiceText, unique_choices
from metamodel.exchange.errors import HeaderWrong
from metamodel.exchange.questions import Names, not_carried, project_of, short_code, variable_name
from metamodel.exchange.redcap.plain_text import plain_text
from metamodel.exchange.redcap.project import Project, Variable
from metamodel.exchange.report import Report, both
from metamodel.exchange.source import SourceFile

DEEPEST: Final = 50
_TYPES: Final = {
    "textfield": ("text", ""), "password": ("text", ""), "tags": ("text", ""), "textarea": ("notes", ""),
    "address": ("notes", ""), "number": ("text", "number"), "currency": ("text", "number"),
    "email": ("text", "email"),
    "phoneNumber": ("text", "phone"), "url": ("text", ""), "checkbox": ("truefalse", ""),
    "selectboxes": ("checkbox", ""), "radio": ("radio", ""), "select": ("dropdown", ""),
    "day": ("text", "date_ymd"),
    "time": ("text", "time"), "signature": ("file", ""), "file": ("file", ""), "content": ("descriptive", ""),
    "htmlelement": ("descriptive", ""),
}  # fmt: skip
_HOLDERS: Final = frozenset(("panel", "columns", "table", "tabs", "fieldset", "well", "container", "form"))
_ROWS: Final = frozenset(("datagrid", "editgrid"))
_SCRIPTS: Final = (
    "calculateValue", "customConditional", "customDefaultValue", "validate.custom", "validate.json", "logic",
)  # fmt: skip
_CHECKS: Final = ("validate.minLength", "validate.maxLength", "validate.pattern", "defaultValue", "inputMask")


def read_formio(file: SourceFile, found: Any, report: Report) -> Project:
    """
    Raises:
        HeaderWrong: when it is no form, or one with nothing to fill in.
    """
    components = found.get("components") if isinstance(found, dict) else found
    if not isinstance(components, list) or not any(
        isinstance(item, dict) and "type" in item for item in components
    ):
        raise HeaderWrong(
            file=file.name,
            reason="it is neither a FHIR Questionnaire nor a Form.io form, so there is nothing to carry over",
            reason_zh="既不是 FHIR Questionnaire 也不是 Form.io 表单，没有可带入的内容",
        )
    title = str(found.get("title") or "") if isinstance(found, dict) else ""
    title = title or file.name.rpartition("/")[2].partition(".")[0]
    reader = _Reader(file.name, report)
    main = variable_name(title).lower()
    reader.titles[main] = title
    reader.read(components, main, "", 0)
    return project_of(
        title, reader.variables, reader.titles, frozenset(reader.repeating), file.name, report
    )  # fmt: skip


@dataclass
class _Reader:
    file: str
    report: Report
    names: Names = field(default_factory=Names)
    titles: dict[str, str] = field(default_factory=dict)
    repeating: set[str] = field(default_factory=set)
    variables: list[Variable] = field(default_factory=list)

    def read(self, components: Any, form: str, section: str, depth: int) -> None:
        if depth > DEEPEST:
            raise HeaderWrong(file=self.file, reason="it is nested too deep", reason_zh="嵌套过深")
        for item in components if isinstance(components, list) else ():
            if isinstance(item, list):
                self.read(item, form, section, depth + 1)
            elif isinstance(item, dict):
                self._component(item, form, section, depth)

    def _component(self, item: dict[str, Any], form: str, section: str, depth: int) -> None:
        kind, label = (
            str(item.get("type", "")),
            str(item.get("label") or item.get("title") or item.get("key") or ""),
        )
        if kind in _ROWS:
            self._scripts(item)
            self.read(item.get("components"), self._rows(item, label), "", depth + 1)
        elif kind in _HOLDERS or (not kind and "components" in item):
            self._scripts(item)
            title = str(item.get("title") or item.get("legend") or section) if kind == "panel" else section
            for inside in ("components", "columns", "rows"):
                self.read(item.get(inside), form, title, depth + 1)
        elif kind == "survey":
            self._survey(item, form, label)
        elif kind == "button":
            not_carried(self.report, self._where(item), "button", label)
        else:
            self._variable(item, kind, form, section, label)

    def _where(self, item: Mapping[str, Any]) -> str:
        return f"{self.file} {item.get('key', '')}"

    def _rows(self, item: Mapping[str, Any], label: str) -> str:
        name = variable_name(str(item.get("key") or "rows")).lower()
        while name in self.titles:
            name += "_"
        self.titles[name] = label
        self.repeating.add(name)
        return name

    def _survey(self, item: Mapping[str, Any], form: str, label: str) -> None:
        """One choice a question, all of the same values."""
        for question in item.get("questions") or ():
            if isinstance(question, dict):
                self._add(
                    item, form, label, "radio", "", str(question.get("label") or ""),
                    _choices(item.get("values")), f"{item.get('key', 'survey')}_{question.get('value', '')}",
                )  # fmt: skip

    def _variable(self, item: dict[str, Any], kind: str, form: str, section: str, label: str) -> None:
        where = self._where(item)
        made, validation = _TYPES.get(kind, ("text", ""))
        if kind == "datetime":
            validation = "date_ymd" if item.get("enableTime") is False else "datetime_ymd"
        elif kind not in _TYPES:
            reason = both("没有对应的组件，已作为文本", "no such component here; taken as text")
            self.report.drop(where, both(f"组件 {kind}", f"the component {kind}"), reason, label)
        choices: tuple[ChoiceText, ...] = ()
        if made in ("radio", "dropdown", "checkbox"):
            data = item.get("data")
            choices = _choices(item.get("values") or (data.get("values") if isinstance(data, dict) else None))
            made = "checkbox" if item.get("multiple") is True else made
            if not choices:
                reason = both("选项不在文件中，已作为文本", "its choices are not in the file; taken as text")
                self.report.drop(where, both("选项来源", "its source of choices"), reason, _said(data))
                made = "text"
        text = str(item.get("html") or item.get("content") or label) if made == "descriptive" else label
        self._add(item, form, section, made, validation, text, choices, str(item.get("key") or kind))
        self._scripts(item)
        for path in _CHECKS:
            if value := _at(item, path):
                not_carried(self.report, where, path, _said(value))

    def _add(
        self, item: Mapping[str, Any], form: str, section: str, kind: str, validation: str, label: str,
        choices: tuple[ChoiceText, ...], name: str,
    ) -> None:  # fmt: skip
        low, high = _at(item, "validate.min"), _at(item, "validate.max")
        self.variables.append(
            Variable(
                name=self.names.fresh(name), form=form, kind=kind, validation=validation,
                label=plain_text(label) or name, where=self._where(item), section=section,
                value_list_choices=choices, required=_at(item, "validate.required") is True,
                minimum="" if low is None else str(low), maximum="" if high is None else str(high),
                note=str(item.get("description") or ""), branching=self._condition(item),
            )
        )  # fmt: skip

    def _condition(self, item: Mapping[str, Any]) -> str:
        """`conditional` with one component and one value, as REDCap writes it."""
        found = item.get("conditional")
        when = found.get("when") if isinstance(found, dict) else None
        if not isinstance(found, dict) or not when:
            return ""
        asked = next((each for each in self.variables if each.name == variable_name(str(when))), None)
        value = found.get("eq")
        said = str(int(value)) if isinstance(value, bool) else short_code(str(value))
        if asked is None or "'" in said:
            not_carried(self.report, self._where(item), "conditional", _said(found))
            return ""
        shown = str(found.get("show")).lower() != "false"
        if asked.kind == "checkbox":
            return f"[{asked.name}({said})] = '{int(shown)}'"
        said = {"true": "1", "false": "0"}.get(said, said) if asked.kind == "truefalse" else said
        return f"[{asked.name}] {'=' if shown else '<>'} '{said}'"

    def _scripts(self, item: Mapping[str, Any]) -> None:
        for path in _SCRIPTS:
            if value := _at(item, path):
                what = both(f"脚本或逻辑 {path}", f"its {path}")
                reason = both("从不执行外来脚本", "foreign scripts are never run")
                self.report.drop(self._where(item), what, reason, _said(value))


def _at(item: Mapping[str, Any], path: str) -> Any:
    found: Any = item
    for name in path.split("."):
        found = found.get(name) if isinstance(found, dict) else None
    return None if found in ("", [], {}) else found


def _choices(values: Any) -> tuple[ChoiceText, ...]:
    found = [item for item in values if isinstance(item, dict)] if isinstance(values, list) else []
    said = (
        ChoiceText(short_code(str(item.get("value", ""))), str(item.get("label") or item.get("value", "")))
        for item in found
    )
    return unique_choices(item for item in said if item.code).choices


def _said(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
