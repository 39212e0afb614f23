"""A definition as REDCap's data dictionary: what fits, and a report of what does not."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from typing import Any

from metamodel.exchange.choices import ChoiceText, format_choices
from metamodel.exchange.redcap.dictionary import COLUMNS
from metamodel.exchange.redcap.emit import redcap_text, variables_of
from metamodel.exchange.redcap.validation import VALIDATIONS
from metamodel.exchange.report import Report, both

_KINDS = {
    "long_text": "notes", "boolean": "yesno", "choice": "dropdown", "multi_choice": "checkbox",
    "calculated": "calc",
}  # fmt: skip
_VALIDATIONS = {
    "integer": "integer", "float": "number", "date": "date_ymd", "datetime": "datetime_seconds_ymd",
    "time": "time_hh_mm_ss", "string": "", "decimal": "number",
}  # fmt: skip
_FORMATS = {"email": "email", "phone": "phone", "zip_code": "zipcode", "ssn": "ssn", "letters": "alpha_only"}
_ELSEWHERE = (
    ("required_if", "条件必填", "a required-if rule"),
    ("masking", "脱敏类型", "a masking type"),
    ("missing_codes", "缺失编码", "missing-data codes"),
    ("element", "数据元来源", "the data element it comes from"),
)


def write_dictionary(document: Mapping[str, Any], language: str = "en") -> tuple[str, dict[str, Any]]:
    """The CSV text of the 18 columns, and the report.

    A variable belongs to one instrument in REDCap, so a field that several forms show is written once.
    """
    report = Report("redcap-csv")
    writer = _Writer(document, language, report)
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(COLUMNS)
    lines.writerows(writer.rows())
    return out.getvalue(), report.to_json()


class _Writer:
    def __init__(self, document: Mapping[str, Any], language: str, report: Report) -> None:
        self._document = document
        self._language = language
        self._report = report
        self._written: set[tuple[str, str]] = set()
        self._names: set[str] = set()
        self._variables = variables_of(document)

    def rows(self) -> Iterator[list[str]]:
        types = {item["code"]: item for item in self._document["record_types"]}
        for record_type in types.values():
            self._report_structure(record_type)
        yield from self._key_row(types)
        for form in self._document.get("forms", ()):
            yield from self._form_rows(form, types[form["record_type"]])
        for record_type in types.values():
            rest = [{"field": item["code"]} for item in record_type["fields"]]
            yield from self._form_rows({"code": record_type["code"], "items": rest}, record_type)

    def _key_row(self, types: Mapping[str, Any]) -> Iterator[list[str]]:
        """REDCap takes the first variable for the record id, so the root's key goes first."""
        root = next(item for item in types.values() if not item.get("parent"))
        key = root.get("key")
        forms = [
            form["code"] for form in self._document.get("forms", ()) if form["record_type"] == root["code"]
        ]
        if key:
            form = forms[0] if forms else root["code"]
            yield from self._form_rows({"code": form, "items": [{"field": key}]}, root)
            return
        reason = both(
            "REDCap 需要记录编号，请补充", "REDCap needs a record id as its first variable; add one"
        )
        self._report.drop(root["code"], both("没有标识字段", "no key field"), reason)

    def _form_rows(self, form: Mapping[str, Any], record_type: Mapping[str, Any]) -> Iterator[list[str]]:
        fields = {item["code"]: item for item in record_type["fields"]}
        section = ""
        for number, item in enumerate(form["items"], 1):
            if "section" in item:
                section = self._text(item["section"])
                self._report_section(item, form["code"], section)
            elif "text" in item:
                name = f"{form['code']}_text_{number}"
                yield self._text_row(name, form["code"], record_type["code"], section, item)
                section = ""
            elif (record_type["code"], item["field"]) not in self._written:
                self._written.add((record_type["code"], item["field"]))
                yield self._field_row(fields[item["field"]], form["code"], record_type["code"], section, item)
                section = ""

    def _text_row(
        self, name: str, form: str, type_code: str, section: str, item: Mapping[str, Any]
    ) -> list[str]:
        row = self._row(name, form, "descriptive", self._text(item["text"]), section)
        row[11] = self._logic(item.get("shown_if", ""), type_code, name)
        return row

    def _report_section(self, item: Mapping[str, Any], form: str, title: str) -> None:
        if rule := item.get("shown_if"):
            reason = both(
                f"REDCap 的分节标题“{title}”没有显示条件",
                f"a section header (“{title}”) has no branching logic in REDCap",
            )
            self._report.drop(form, both("规则", "a rule"), reason, rule)

    def _field_row(
        self, field: Mapping[str, Any], form: str, type_code: str, section: str, item: Mapping[str, Any]
    ) -> list[str]:
        self._report_field(field, type_code)
        kind = _KINDS.get(field["type"], "text")
        if kind == "dropdown" and item.get("widget") == "radio":
            kind = "radio"
        row = self._row(field["code"], form, kind, self._text(field.get("label")) or field["code"], section)
        row[5] = self._choices(field, type_code)
        row[6] = self._text(field.get("help"))
        row[7] = self._validation(field, type_code) if kind == "text" else ""
        row[8], row[9] = (_bound(field.get(key)) for key in ("minimum", "maximum"))
        row[10] = "y" if field.get("identifying") else ""
        row[11] = self._rule(field, "shown_if", type_code)
        row[12] = "y" if field.get("required") else ""
        row[17] = "@HIDDEN" if field.get("hidden") else ""
        return row

    def _row(self, name: str, form: str, kind: str, text: str, section: str) -> list[str]:
        if name in self._names:
            reason = both(
                "变量名在 REDCap 项目内必须唯一；已写出，请改名",
                "variable names are unique in a REDCap project; rename it there",
            )
            self._report.drop(form, both("重复的变量名", "a repeated variable name"), reason, name)
        self._names.add(name)
        self._report.count("variables")
        return [name, form, section, kind, text, *([""] * (len(COLUMNS) - 5))]

    def _choices(self, field: Mapping[str, Any], type_code: str) -> str:
        if field["type"] == "calculated":
            return self._rule(field, "calculation", type_code)
        value_set = self._document.get("value_sets", {}).get(field.get("value_set"), {})
        return format_choices(
            [
                ChoiceText(item["code"], self._text(item["label"]) or item["code"])
                for item in value_set.get("choices", ())
            ]
        )

    def _validation(self, field: Mapping[str, Any], type_code: str) -> str:
        options = field.get("options", {})
        for name, validation in VALIDATIONS.items():
            if name and validation.type == field["type"] and dict(validation.options) == dict(options):
                return name
        if options.get("format") in _FORMATS:
            return _FORMATS[options["format"]]
        if options.get("pattern") or options.get("format") or field["type"] == "decimal":
            reason = both("REDCap 没有对应的校验类型", "REDCap has no such validation")
            self._drop(
                field,
                type_code,
                "文本格式或小数位数",
                "text format or decimal places",
                reason,
                str(dict(options)),
            )
        return _VALIDATIONS[field["type"]]

    def _rule(self, field: Mapping[str, Any], key: str, type_code: str) -> str:
        return self._logic(field.get(key, ""), type_code, f"{type_code}.{field['code']}")

    def _logic(self, rule: str, type_code: str, where: str) -> str:
        if not rule:
            return ""
        text, reason = redcap_text(rule, self._variables[type_code])
        if reason is not None:
            self._report.drop(where, both("规则", "a rule"), reason, rule)
        return text

    def _report_field(self, field: Mapping[str, Any], type_code: str) -> None:
        for key, zh, en in _ELSEWHERE:
            if field.get(key):
                self._drop(
                    field,
                    type_code,
                    zh,
                    en,
                    both("REDCap 没有对应项", "REDCap has no such thing"),
                    str(field[key]),
                )
        if field.get("unit"):
            self._drop(
                field,
                type_code,
                "单位",
                "the unit",
                both("REDCap 没有单位栏", "REDCap has no unit column"),
                field["unit"],
            )
        for check in field.get("checks", ()):
            reason = both("REDCap 数据字典没有跨字段校验", "a data dictionary has no checks")
            self._drop(field, type_code, "校验规则", "a check", reason, check["expression"])

    def _report_structure(self, record_type: Mapping[str, Any]) -> None:
        if record_type.get("events") or record_type.get("repeats"):
            what = both("访视与重复设置", "its events and repeats")
            reason = both(
                "数据字典 CSV 无法表达，请在 REDCap 项目中设置",
                "a data dictionary can't tell; set them in the REDCap project",
            )
            self._report.drop(record_type["code"], what, reason, ", ".join(record_type.get("events", ())))

    def _drop(
        self, field: Mapping[str, Any], type_code: str, zh: str, en: str, reason: Mapping[str, str], text: str
    ) -> None:
        self._report.drop(f"{type_code}.{field['code']}", both(zh, en), reason, text)

    def _text(self, text: Mapping[str, str] | None) -> str:
        if not text:
            return ""
        other = "zh" if self._language == "en" else "en"
        return text.get(self._language) or text.get(other) or ""


def _bound(value: Any) -> str:
    return "" if value is None else str(value)
