"""A definition as CDISC ODM 1.3.2 or 2.0: a form for each record type, in both languages.

What ODM has no place for is reported: masking, checks between fields, missing-data codes, and record types
that stand under others than the root.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from metamodel.exchange.report import Report, both

VERSIONS: Final = {"1.3.2": "http://www.cdisc.org/ns/odm/v1.3", "2.0": "http://www.cdisc.org/ns/odm/v2.0"}
LANGUAGE: Final = "xml:lang"
LONG_TEXT: Final = 10_000  # the length that a long text is given; ODM asks for one
_TYPES: Final = {
    "string": "text", "long_text": "text", "integer": "integer", "decimal": "float", "float": "double",
    "boolean": "boolean", "date": "date", "datetime": "datetime", "time": "time", "choice": "text",
}  # fmt: skip
_RESULTS: Final = {"number": "float", "text": "string"}
_LOST: Final = (
    ("required_if", "条件必填", "when it is required"),
    ("checks", "校验规则", "its checks"),
    ("identifying", "标识性字段", "that it identifies"),
    ("masking", "脱敏类型", "its masking"),
    ("missing_codes", "缺失编码", "its missing-data codes"),
    ("hidden", "隐藏", "that it is hidden"),
)  # fmt: skip
_NO_PLACE: Final = both("ODM 没有对应项", "ODM has no place for it")


def write_odm(document: Mapping[str, Any], version: str) -> tuple[bytes, dict[str, Any]]:
    """The file in UTF-8, and the report of what it does not hold."""
    return _Writer(document, version).write()


class _Writer:
    def __init__(self, document: Mapping[str, Any], version: str) -> None:
        self._document = document
        self._version = version
        self._two = version == "2.0"
        self._report = Report(f"odm-{version}")
        self._types: list[Mapping[str, Any]] = list(document["record_types"])
        self._conditions: dict[str, str] = {}
        self._methods: dict[str, str] = {}

    def write(self) -> tuple[bytes, dict[str, Any]]:
        code = self._document["code"]
        root = Element(
            "ODM",
            {
                "xmlns": VERSIONS[self._version], "FileType": "Snapshot", "FileOID": f"{code}.odm",
                "Granularity": "Metadata", "ODMVersion": self._version, "SourceSystem": "zhenshu",
                "CreationDateTime": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S+00:00"),
            },
        )  # fmt: skip
        study = self._study(root)
        version = SubElement(study, "MetaDataVersion", {"OID": f"V.{code}", "Name": code})
        self._protocol(version)
        self._forms(version)
        for kind in self._types:
            self._items(version, kind)
        self._lists(version)
        self._rules(version)
        indent(root)
        content = b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8") + b"\n"
        return content, self._report.to_json()

    def _study(self, root: Element) -> Element:
        code, label = self._document["code"], self._document.get("label", {})
        name = label.get("zh") or label.get("en") or code
        attributes = {"OID": f"S.{code}"}
        if self._two:
            return SubElement(root, "Study", attributes | {"StudyName": name, "ProtocolName": code})
        study = SubElement(root, "Study", attributes)
        said = SubElement(study, "GlobalVariables")
        for tag, text in (("StudyName", name), ("StudyDescription", name), ("ProtocolName", code)):
            SubElement(said, tag).text = text
        if units := dict.fromkeys(item["unit"] for _, item in self._fields() if item.get("unit")):
            held = SubElement(study, "BasicDefinitions")
            for unit in units:
                made = SubElement(held, "MeasurementUnit", {"OID": f"MU.{unit}", "Name": unit})
                SubElement(SubElement(made, "Symbol"), "TranslatedText").text = unit
        return study

    def _fields(self) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
        return ((kind, item) for kind in self._types for item in kind["fields"])

    def _protocol(self, version: Element) -> None:
        events = self._document.get("events") or ()
        if not self._two and events:
            protocol = SubElement(version, "Protocol")
            for number, event in enumerate(events, 1):
                SubElement(
                    protocol, "StudyEventRef",
                    {"StudyEventOID": f"E.{event['code']}", "OrderNumber": str(number), "Mandatory": "No"},
                )  # fmt: skip
        for event in events:
            made = SubElement(
                version, "StudyEventDef",
                {"OID": f"E.{event['code']}", "Name": _name(event), "Repeating": "No", "Type": "Scheduled"},
            )  # fmt: skip
            for kind in self._types:
                if event["code"] in (kind.get("events") or ()):
                    tag = ("ItemGroupRef", "ItemGroupOID") if self._two else ("FormRef", "FormOID")
                    SubElement(made, tag[0], {tag[1]: f"F.{kind['code']}", "Mandatory": "No"})

    def _forms(self, version: Element) -> None:
        root = next((kind["code"] for kind in self._types if not kind.get("parent")), None)
        for kind in self._types:
            if kind.get("parent") not in (None, root):
                what = both("上级记录类型", "the record type above it")
                self._report.drop(kind["code"], what, _NO_PLACE, kind["parent"])
            if self._two:
                continue
            form = SubElement(
                version, "FormDef",
                {"OID": f"F.{kind['code']}", "Name": _name(kind),
                 "Repeating": "Yes" if kind.get("repeats") else "No"},
            )  # fmt: skip
            SubElement(form, "ItemGroupRef", {"ItemGroupOID": f"IG.{kind['code']}", "Mandatory": "No"})
        for kind in self._types:
            self._group(version, kind)

    def _group(self, version: Element, kind: Mapping[str, Any]) -> None:
        repeats = "Simple" if self._two and kind.get("repeats") else "No"
        prefix = "F" if self._two else "IG"
        attributes = {"OID": f"{prefix}.{kind['code']}", "Name": _name(kind), "Repeating": repeats}
        group = SubElement(version, "ItemGroupDef", attributes | ({"Type": "Form"} if self._two else {}))
        for number, (oid, item) in enumerate(self._members(kind), 1):
            required = item.get("required") is True
            reference = {"ItemOID": oid, "OrderNumber": str(number), "Mandatory": "Yes" if required else "No"}
            if item["code"] == kind.get("key"):
                reference["KeySequence"] = "1"
            if item.get("shown_if"):
                reference["CollectionExceptionConditionOID"] = f"C.{oid}"
                self._conditions[f"C.{oid}"] = f"not ({item['shown_if']})"
            if item.get("calculation"):
                reference["MethodOID"] = f"M.{oid}"
                self._methods[f"M.{oid}"] = item["calculation"]
            SubElement(group, "ItemRef", reference)

    def _members(self, kind: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for item in kind["fields"]:
            oid = f"I.{kind['code']}.{item['code']}"
            if item["type"] != "multi_choice":
                yield oid, item
                continue
            for choice in self._choices(item):
                yield f"{oid}.{choice['code']}", item | {"required": False}

    def _choices(self, item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        found = (self._document.get("value_sets") or {}).get(item.get("value_set", ""), {})
        return list(found.get("choices", ()))

    def _items(self, version: Element, kind: Mapping[str, Any]) -> None:
        for item in kind["fields"]:
            oid, where = f"I.{kind['code']}.{item['code']}", f"{kind['code']}.{item['code']}"
            for name, zh, en in _LOST:
                if item.get(name):
                    self._report.drop(where, both(zh, en), _NO_PLACE, str(item[name])[:500])
            if item["type"] == "multi_choice":
                reason = both("每个选项写为一个是否项目", "written as a yes/no item for each choice")
                self._report.drop(where, both("多选", "a multiple choice"), reason)
                for choice in self._choices(item):
                    self._item(version, f"{oid}.{choice['code']}", {**item, "type": "boolean"}, choice)
            else:
                self._item(version, oid, item, None)

    def _item(
        self, version: Element, oid: str, item: Mapping[str, Any], choice: Mapping[str, Any] | None
    ) -> None:
        name = item["code"] if choice is None else f"{item['code']}___{choice['code']}"
        made = SubElement(version, "ItemDef", {"OID": oid, "Name": name, **_typed(item)})
        if any((item.get("help") or {}).values()):
            self._texts(SubElement(made, "Description"), item["help"])
        label = dict(item.get("label") or {})
        if choice is not None:
            said = choice.get("label", {})
            label = {key: f"{text}: {said.get(key) or choice['code']}" for key, text in label.items() if text}
        if any(label.values()):
            self._texts(SubElement(made, "Question"), label)
        unit = item.get("unit")
        if unit and not self._two:
            SubElement(made, "MeasurementUnitRef", {"MeasurementUnitOID": f"MU.{unit}"})
        self._bounds(made, oid, item)
        if item["type"] == "choice":
            SubElement(made, "CodeListRef", {"CodeListOID": f"CL.{item.get('value_set', '')}"})
        if unit and self._two:
            SubElement(made, "Alias", {"Context": "unit", "Name": unit})

    def _bounds(self, made: Element, oid: str, item: Mapping[str, Any]) -> None:
        for name, comparator in (("minimum", "GE"), ("maximum", "LE")):
            value = item.get(name)
            if value in ("today", "now"):
                self._report.drop(oid, both("取值界限", f"its {name}"), _NO_PLACE, str(value))
            elif value is not None:
                check = SubElement(made, "RangeCheck", {"Comparator": comparator, "SoftHard": "Hard"})
                SubElement(check, "CheckValue").text = str(value)

    def _lists(self, version: Element) -> None:
        for code, found in (self._document.get("value_sets") or {}).items():
            made = SubElement(
                version, "CodeList", {"OID": f"CL.{code}", "Name": _name(found) or code, "DataType": "text"}
            )
            for choice in found.get("choices", ()):
                entry = SubElement(made, "CodeListItem", {"CodedValue": choice["code"]})
                label = {key: text for key, text in (choice.get("label") or {}).items() if text}
                self._texts(SubElement(entry, "Decode"), label or {"en": choice["code"]})

    def _rules(self, version: Element) -> None:
        for tag, rules in (("ConditionDef", self._conditions), ("MethodDef", self._methods)):
            for oid, rule in rules.items():
                extra = {"Type": "Computation"} if tag == "MethodDef" else {}
                made = SubElement(version, tag, {"OID": oid, "Name": oid, **extra})
                self._texts(SubElement(made, "Description"), {"en": rule})
                expression = SubElement(made, "FormalExpression", {"Context": "zhenshu"})
                (SubElement(expression, "Code") if self._two else expression).text = rule

    def _texts(self, holder: Element, label: Mapping[str, str]) -> None:
        for language, text in label.items():
            if text:
                attributes = {LANGUAGE: language} | ({"Type": "text/plain"} if self._two else {})
                SubElement(holder, "TranslatedText", attributes).text = text


def _name(item: Mapping[str, Any]) -> str:
    label = item.get("label") or {}
    return str(label.get("zh") or label.get("en") or item.get("code") or "")


def _typed(item: Mapping[str, Any]) -> dict[str, str]:
    kind, options = item["type"], item.get("options") or {}
    if kind == "calculated":
        result = options.get("result", "number")
        return {"DataType": _RESULTS.get(result, result)}
    said = {"DataType": _TYPES[kind]}
    if kind == "decimal":
        said |= {"Length": "20", "SignificantDigits": str(options.get("scale", 2))}
    elif kind == "string":
        said["Length"] = str(options.get("max_length", 499))
    elif kind == "long_text":
        said["Length"] = str(options.get("max_length", LONG_TEXT))
    return said
