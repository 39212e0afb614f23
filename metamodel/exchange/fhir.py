"""FHIR Questionnaires (R4, R5) as a project: groups become forms and sections, conditions branching."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from metamodel.exchange.choices import ChoiceText, unique_choices
from metamodel.exchange.errors import HeaderWrong, MalformedJson
from metamodel.exchange.questions import Names, not_carried, project_of, short_code, variable_name
from metamodel.exchange.redcap.project import Project, Variable
from metamodel.exchange.report import Report, both
from metamodel.exchange.source import SourceFile

DEEPEST: Final = 50  # groups within groups
_TYPES: Final = {
    "boolean": ("truefalse", ""), "decimal": ("text", "number"), "integer": ("text", "integer"),
    "date": ("text", "date_ymd"), "dateTime": ("text", "datetime_seconds_ymd"),
    "time": ("text", "time_hh_mm_ss"), "string": ("text", ""), "text": ("notes", ""), "url": ("text", ""),
    "display": ("descriptive", ""), "quantity": ("text", "number"), "attachment": ("file", ""),
}  # fmt: skip
_CHOICES: Final = ("choice", "open-choice", "coding")
_READ: Final = frozenset(
    ("linkId", "type", "text", "item", "answerOption", "answerValueSet", "enableWhen", "enableBehavior",
     "required", "repeats", "extension", "prefix", "option")
)  # fmt: skip
_UNIT: Final = "questionnaire-unit"


def read_json(file: SourceFile) -> Any:
    """
    Raises:
        MalformedJson: when it is not well-formed, or nested too deep.
    """
    try:
        return json.loads(file.text())
    except RecursionError as error:
        reason, reason_zh = "it is nested too deep", "嵌套过深"
        raise MalformedJson(file=file.name, reason=reason, reason_zh=reason_zh) from error
    except json.JSONDecodeError as error:
        reason_zh = f"第 {error.lineno} 行第 {error.colno} 列有语法错误"
        reason = f"{error.msg} at line {error.lineno}, column {error.colno}"
        raise MalformedJson(file=file.name, reason=reason, reason_zh=reason_zh) from error


def is_questionnaire(found: Any) -> bool:
    return isinstance(found, dict) and found.get("resourceType") == "Questionnaire"


def read_questionnaire(file: SourceFile, found: Mapping[str, Any], report: Report) -> Project:
    """
    Raises:
        HeaderWrong: when it asks nothing, or groups are nested too deep.
    """
    reader = _Reader(found, file.name, report)
    title = str(found.get("title") or found.get("name") or file.name.rpartition("/")[2].partition(".")[0])
    for item in _dicts(found.get("item")):
        is_group = item.get("type") == "group"
        form = reader.form(item) if is_group else reader.form({"linkId": "main", "text": title})
        reader.read(_dicts(item.get("item")) if is_group else [item], form, "", 1)
        if is_group:
            reader.leftover(item)
    if extensions := found.get("extension"):
        not_carried(report, file.name, "extension", json.dumps(extensions, ensure_ascii=False))
    return project_of(
        title, reader.finished(), reader.titles, frozenset(reader.repeating), file.name, report
    )  # fmt: skip


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


@dataclass
class _Reader:
    resource: Mapping[str, Any]
    file: str
    report: Report
    names: Names = field(default_factory=Names)
    titles: dict[str, str] = field(default_factory=dict)
    repeating: set[str] = field(default_factory=set)
    variables: list[Variable] = field(default_factory=list)
    by_link: dict[str, Variable] = field(default_factory=dict)
    conditions: dict[str, tuple[str, list[dict[str, Any]]]] = field(default_factory=dict)  # name -> how, what
    _forms: dict[str, str] = field(default_factory=dict)

    def form(self, group: Mapping[str, Any]) -> str:
        link = str(group.get("linkId", ""))
        if link in self._forms:
            return self._forms[link]
        name = variable_name(link).lower()
        while name in self.titles:
            name += "_"
        self._forms[link] = name
        self.titles[name] = str(group.get("text") or link)
        if group.get("repeats") is True:
            self.repeating.add(name)
        return name

    def read(self, items: Sequence[dict[str, Any]], form: str, section: str, depth: int) -> None:
        if depth > DEEPEST:
            raise HeaderWrong(
                file=self.file, reason="its groups are nested too deep", reason_zh="分组嵌套过深"
            )
        for item in items:
            if item.get("type") == "group":
                inner = self.form(item) if item.get("repeats") is True else form
                title = section if inner != form else str(item.get("text") or section)
                self.leftover(item)
                self.read(_dicts(item.get("item")), inner, title, depth + 1)
            else:
                self._variable(item, form, section)
                self.read(_dicts(item.get("item")), form, section, depth + 1)

    def _where(self, item: Mapping[str, Any]) -> str:
        return f"{self.file} {item.get('linkId', '')}"

    def _variable(self, item: Mapping[str, Any], form: str, section: str) -> None:
        where, link = self._where(item), str(item.get("linkId", ""))
        kind, validation, choices = self._typed(item, where)
        made = Variable(
            name=self.names.fresh(link.rpartition("/")[2].rpartition(".")[2] or link), form=form, kind=kind,
            validation=validation, label=str(item.get("text") or link), where=where, section=section,
            required=item.get("required") is True, unit=self._unit(item), value_list_choices=choices,
            note=str(item.get("prefix") or ""), element={"identifier": link} if link else {},
        )  # fmt: skip
        self.variables.append(made)
        self.by_link[link] = made
        if conditions := _dicts(item.get("enableWhen")):
            self.conditions[made.name] = (str(item.get("enableBehavior") or "all"), conditions)
        self.leftover(item)

    def _typed(self, item: Mapping[str, Any], where: str) -> tuple[str, str, tuple[ChoiceText, ...]]:
        kind = str(item.get("type", ""))
        if kind in _CHOICES:
            return self._chosen(item, kind, where)
        if kind not in _TYPES:
            reason = both("没有对应的类型，已作为文本", "no such type here; taken as text")
            self.report.drop(where, both(f"类型 {kind}", f"the type {kind}"), reason)
        return (*_TYPES.get(kind, ("text", "")), ())

    def _chosen(
        self, item: Mapping[str, Any], kind: str, where: str
    ) -> tuple[str, str, tuple[ChoiceText, ...]]:
        if kind == "open-choice":
            reason = both("选项以外的自填内容没有对应项", "an answer beyond the choices has no place here")
            self.report.drop(where, both("开放式选择", "an open choice"), reason)
        options = item.get("answerOption") or item.get("option")
        found = [_choice(option) for option in _dicts(options)] or self._value_set(item.get("answerValueSet"))
        if not found:
            reason = both("选项不在文件中，已作为文本", "its choices are not in the file; taken as text")
            self.report.drop(
                where, both("值域", "a value set"), reason, str(item.get("answerValueSet") or "")
            )
            return "text", "", ()
        return "checkbox" if item.get("repeats") is True else "radio", "", unique_choices(found).choices

    def _value_set(self, url: Any) -> list[ChoiceText]:
        if not isinstance(url, str) or not url.startswith("#"):
            return []
        held = next(
            (each for each in _dicts(self.resource.get("contained")) if each.get("id") == url[1:]), {}
        )
        expansion = held.get("expansion") if isinstance(held.get("expansion"), dict) else {}
        codings = _dicts((expansion or {}).get("contains"))
        compose = held.get("compose") if isinstance(held.get("compose"), dict) else {}
        for include in _dicts((compose or {}).get("include")) if not codings else ():
            codings += _dicts(include.get("concept"))
        return [_coded(coding) for coding in codings if coding.get("code")]

    def _unit(self, item: Mapping[str, Any]) -> str:
        for extension in _dicts(item.get("extension")):
            if str(extension.get("url", "")).endswith(_UNIT):
                coding = extension.get("valueCoding")
                return str((coding or {}).get("display") or (coding or {}).get("code") or "")
        return ""

    def leftover(self, item: Mapping[str, Any]) -> None:
        """Report what an item has beyond what was read."""
        where = self._where(item)
        for name, value in item.items():
            if name not in _READ:
                not_carried(self.report, where, name, json.dumps(value, ensure_ascii=False))
        for extension in _dicts(item.get("extension")):
            name = str(extension.get("url", "")).rpartition("/")[2]
            if name != _UNIT:
                value = {key: said for key, said in extension.items() if key != "url"}
                not_carried(self.report, where, name, json.dumps(value, ensure_ascii=False))
        if item.get("type") == "group" and item.get("enableWhen"):
            not_carried(self.report, where, "enableWhen", json.dumps(item["enableWhen"], ensure_ascii=False))
        if item.get("repeats") is True and item.get("type") not in (*_CHOICES, "group"):
            not_carried(self.report, where, "repeats", "true")

    def finished(self) -> list[Variable]:
        """The variables with their conditions, which may name what comes later."""
        return [self._conditioned(item) if item.name in self.conditions else item for item in self.variables]

    def _conditioned(self, item: Variable) -> Variable:
        how, conditions = self.conditions[item.name]
        made = [self._condition(each) for each in conditions]
        if any(rule is None for rule in made):
            not_carried(self.report, item.where, "enableWhen", json.dumps(conditions, ensure_ascii=False))
            return item
        joined = (" or " if how == "any" else " and ").join(f"({rule})" for rule in made)
        return Variable(
            **{name: getattr(item, name) for name in item.__dataclass_fields__} | {"branching": joined}
        )

    def _condition(self, condition: Mapping[str, Any]) -> str | None:
        """As REDCap writes it; None where it can't be said so."""
        asked = self.by_link.get(str(condition.get("question", "")))
        answer = next((value for key, value in condition.items() if key.startswith("answer")), None)
        operator = str(condition.get("operator", "="))
        if asked is None or answer is None:
            return None
        if operator == "exists":
            return f"[{asked.name}] {'<>' if answer is True else '='} ''"
        if operator not in ("=", "!=", ">", "<", ">=", "<="):
            return None
        text = _answer(answer)
        if asked.kind == "checkbox":
            return (
                f"[{asked.name}({text})] = '{1 if operator == '=' else 0}'"
                if operator in ("=", "!=")
                else None
            )
        return (
            f"[{asked.name}] {'<>' if operator == '!=' else operator} '{text}'" if "'" not in text else None
        )


def _answer(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("code", value.get("value", ""))
    return str(int(value)) if isinstance(value, bool) else short_code(str(value))


def _choice(option: Mapping[str, Any]) -> ChoiceText:
    value = next((said for key, said in option.items() if key.startswith("value")), "")
    return _coded(value) if isinstance(value, dict) else ChoiceText(short_code(str(value)), str(value))


def _coded(coding: Mapping[str, Any]) -> ChoiceText:
    code = str(coding.get("code") or coding.get("display") or "")
    return ChoiceText(short_code(code), str(coding.get("display") or code))
