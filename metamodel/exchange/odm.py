"""Forms of CDISC ODM 1.3 and 2.0, as any other system than REDCap writes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree.ElementTree import Element

from metamodel.exchange.choices import ChoiceText, unique_choices
from metamodel.exchange.errors import HeaderWrong
from metamodel.exchange.questions import Names, not_carried, project_of, variable_name
from metamodel.exchange.redcap.project import Event, Project, Variable
from metamodel.exchange.report import Report, both
from metamodel.exchange.source import SourceFile

_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_NOTES_FROM: Final = 500  # characters: from here on a text is a long one
_VALIDATIONS: Final = {
    "integer": "integer", "float": "number", "double": "number", "decimal": "number", "date": "date_ymd",
    "datetime": "datetime_seconds_ymd", "time": "time_hh_mm_ss", "text": "", "string": "",
}  # fmt: skip
_OTHER_PARTS: Final = {
    "MethodDef": both("计算或推导方法", "a method"),
    "ConditionDef": both("显示条件", "a condition"),
    "WorkflowDef": both("流程", "a workflow"),
    "StudyTiming": both("时间安排", "a timing"),
    "ValueListDef": both("取值列表", "a value list"),
    "Arm": both("分组", "an arm"),
}
_NO_PLACE: Final = both("此处没有对应项", "a definition has no such thing")


def local(element: Element) -> str:
    """The name of an element without its namespace, which differs between versions."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def read_odm(file: SourceFile, root: Element, report: Report) -> Project:
    """Forms, items and events of the first study that has any.

    Raises:
        HeaderWrong: when it holds no items.
    """
    versions = [item for item in root.iter() if local(item) == "MetaDataVersion"]
    version = next((item for item in versions if _children(item, "ItemDef")), None)
    if local(root) != "ODM" or version is None:
        part = local(root)
        reason = "it is ODM without items" if part == "ODM" else f"it is no ODM file but begins with {part}"
        reason_zh = "其中没有项目（ItemDef）" if part == "ODM" else f"不是 ODM 文件，以 {part} 开头"
        raise HeaderWrong(
            file=file.name,
            reason=f"{reason}, so there is nothing to carry over",
            reason_zh=f"{reason_zh}，没有可带入的内容",
        )
    if any(local(item) == "ClinicalData" for item in root):
        why = both("定义导入不读取数据", "a definition holds no data")
        report.drop(file.name, both("临床数据（ClinicalData）", "its clinical data"), why)
    return _Reader(root, version, file.name, report).project(_title(root, version))


def _title(root: Element, version: Element) -> str:
    study = next((item for item in root.iter() if local(item) == "Study"), root)
    name = next((item.text or "" for item in root.iter() if local(item) == "StudyName"), "")
    return (name or study.get("StudyName") or version.get("Name") or "").strip()


def _children(element: Element, name: str) -> list[Element]:
    return [item for item in element if local(item) == name]


def _child(element: Element | None, name: str) -> Element | None:
    return next(iter(_children(element, name)), None) if element is not None else None


def texts(element: Element | None) -> dict[str, str]:
    """The translated texts in an element, by language; "" for one that names none."""
    return {
        item.get(_LANGUAGE, "").lower()[:2]: " ".join("".join(item.itertext()).split())
        for item in (_children(element, "TranslatedText") if element is not None else ())
    }


def _text(element: Element | None) -> str:
    found = texts(element)
    return found.get("zh") or found.get("en") or next(iter(found.values()), "")


@dataclass
class _Reader:
    root: Element
    version: Element
    file: str
    report: Report
    names: Names = field(default_factory=Names)
    titles: dict[str, str] = field(default_factory=dict)
    repeating: set[str] = field(default_factory=set)
    variables: list[Variable] = field(default_factory=list)
    forms: dict[str, str] = field(default_factory=dict)  # OID of a form or group -> name of its form
    reached: set[str] = field(default_factory=set)  # OIDs of groups and items
    key: str = ""  # name of the variable that identifies a record

    def __post_init__(self) -> None:
        self.items = self._by_oid("ItemDef")
        self.groups = self._by_oid("ItemGroupDef")
        self.lists = self._by_oid("CodeList")
        self.units = {
            item.get("OID", ""): _text(_child(item, "Symbol")) or item.get("Name", "")
            for item in self.root.iter()
            if local(item) == "MeasurementUnit"
        }

    def project(self, title: str) -> Project:
        tops = list(self._by_oid("FormDef").values())
        tops += [item for item in self.groups.values() if item.get("Type") == "Form"]
        for form in tops:
            self._form(form)
        for oid, group in self.groups.items():
            if oid not in self.reached:
                self._form(group)
        self._loose_items()
        self._other_parts()
        return project_of(
            title,
            self.variables,
            self.titles,
            frozenset(self.repeating),
            self.file,
            self.report,
            self._events(),
            self.key,
        )

    def _by_oid(self, name: str) -> dict[str, Element]:
        return {item.get("OID", ""): item for item in _children(self.version, name)}

    def _form(self, form: Element) -> None:
        oid = form.get("OID", "")
        self.reached.add(oid)
        name = variable_name(oid.partition(".")[2] or oid).lower()
        while name in self.titles:
            name += "_"
        self.forms[oid] = name
        self.titles[name] = form.get("Name") or oid
        if _repeats(form):
            self.repeating.add(name)
        self._members(form, name, "", 0)

    def _members(self, holder: Element, form: str, section: str, depth: int) -> None:
        for ref in sorted(holder, key=_order):
            if local(ref) == "ItemRef":
                self._item(ref, form, section)
            elif local(ref) == "ItemGroupRef":
                self._group(ref, form, depth)

    def _group(self, ref: Element, form: str, depth: int) -> None:
        oid = ref.get("ItemGroupOID", "")
        group = self.groups.get(oid)
        if group is None or depth > 20:
            self.report.drop(
                f"{self.file} {oid}", both("项目组引用", "a reference to a group"), _UNKNOWN, oid
            )
        elif oid in self.reached:
            self.report.drop(
                f"{self.file} {oid}", both("重复引用的项目组", "a group that is used again"), _AGAIN
            )
        elif _repeats(group):
            self._form(group)
        else:
            self.reached.add(oid)
            self._members(
                group, form, _text(_child(group, "Description")) or group.get("Name", ""), depth + 1
            )

    def _item(self, ref: Element, form: str, section: str) -> None:
        oid = ref.get("ItemOID", "")
        item, where = self.items.get(oid), f"{self.file} {oid}"
        if item is None:
            self.report.drop(where, both("项目引用", "a reference to an item"), _UNKNOWN, oid)
            return
        self.reached.add(oid)
        for name in ("MethodOID", "CollectionExceptionConditionOID"):
            if text := ref.get(name):
                not_carried(self.report, where, name, text)
        made = self._variable(item, oid, form, section, where, ref.get("Mandatory") == "Yes")
        self.variables.append(made)
        if ref.get("KeySequence") and made.required and form not in self.repeating and not self.key:
            self.key = made.name

    def _variable(
        self, item: Element, oid: str, form: str, section: str, where: str, required: bool
    ) -> Variable:
        said = item.get("Name", "")
        wanted = said if said.isidentifier() else oid.partition(".")[2] or oid
        name = self.names.fresh(wanted)
        if name != variable_name(wanted):
            self.report.drop(where, both("项目名称", "its name"), _TWICE, f"{wanted} -> {name}")
        choices, listed = self._choices(item, where)
        kind, validation = self._typed(item, where) if not choices else ("radio", "")
        low, high = self._range(item, where)
        return Variable(
            name=name,
            form=form, kind=kind, validation=validation, section=section, where=where,
            label=_text(_child(item, "Question")) or _text(_child(item, "Description")) or said or oid,
            required=required, minimum=low, maximum=high, value_list=listed, value_list_choices=choices,
            unit=self._unit(item, where), element={"identifier": oid} if oid else {},
        )  # fmt: skip

    def _typed(self, item: Element, where: str) -> tuple[str, str]:
        kind = item.get("DataType", "text")
        if kind == "boolean":
            return "truefalse", ""
        digits = item.get("SignificantDigits", "")
        if kind in ("float", "decimal") and digits in ("1", "2", "3", "4"):
            return "text", f"number_{digits}dp"
        if kind in ("text", "string") and int("0" + item.get("Length", "").strip() or 0) >= _NOTES_FROM:
            return "notes", ""
        if kind not in _VALIDATIONS:
            reason = both("没有对应的类型，已作为文本", "no such type here; taken as text")
            self.report.drop(where, both(f"数据类型 {kind}", f"the data type {kind}"), reason)
        return "text", _VALIDATIONS.get(kind, "")

    def _choices(self, item: Element, where: str) -> tuple[tuple[ChoiceText, ...], str]:
        reference = _child(item, "CodeListRef")
        if reference is None:
            return (), ""
        oid = reference.get("CodeListOID", "")
        found = self.lists.get(oid)
        entries = [entry for entry in (found if found is not None else ()) if entry.get("CodedValue")]
        if found is None or not entries:
            reason = both(
                "值域不在文件中，已作为一般类型", "its values are not in the file; taken without them"
            )
            self.report.drop(where, both("代码表", "a code list"), reason, oid)
            return (), ""
        made = unique_choices(
            ChoiceText(
                entry.get("CodedValue", ""), _text(_child(entry, "Decode")) or entry.get("CodedValue", "")
            )
            for entry in entries
        )
        return made.choices, found.get("Name") or oid

    def _range(self, item: Element, where: str) -> tuple[str, str]:
        low = high = ""
        for check in _children(item, "RangeCheck"):
            values = [child.text or "" for child in _children(check, "CheckValue")]
            comparator = check.get("Comparator", "")
            if comparator == "GE" and len(values) == 1:
                low = values[0].strip()
            elif comparator == "LE" and len(values) == 1:
                high = values[0].strip()
            else:
                not_carried(self.report, where, "RangeCheck", f"{comparator} {', '.join(values)}")
        return low, high

    def _unit(self, item: Element, where: str) -> str:
        found = [
            self._unit_text(ref.get("MeasurementUnitOID", ""))
            for ref in _children(item, "MeasurementUnitRef")
        ]
        for text in found[1:]:
            not_carried(self.report, where, "MeasurementUnitRef", text)
        aliases = (item for item in _children(item, "Alias") if item.get("Context") == "unit")
        return next(iter(found), "") or next((alias.get("Name", "") for alias in aliases), "")

    def _unit_text(self, oid: str) -> str:
        return self.units.get(oid) or oid

    def _loose_items(self) -> None:
        loose = [oid for oid in self.items if oid not in self.reached]
        if loose:
            self.titles["items"] = "Items"
        for oid in loose:
            made = self._variable(self.items[oid], oid, "items", "", f"{self.file} {oid}", False)
            self.variables.append(made)

    def _events(self) -> dict[Event, tuple[str, ...]]:
        found: dict[Event, tuple[str, ...]] = {}
        taken = Names()
        filled = {item.form for item in self.variables}
        for event in _children(self.version, "StudyEventDef"):
            oid = event.get("OID", "")
            refs = (ref.get("FormOID") or ref.get("ItemGroupOID") or "" for ref in event)
            forms = tuple(dict.fromkeys(self.forms[ref] for ref in refs if ref in self.forms))
            if event.get("Repeating") == "Yes":
                not_carried(self.report, f"{self.file} {oid}", "Repeating", "Yes")
            code = taken.fresh(oid.partition(".")[2] or oid).lower()
            found[Event(code, event.get("Name") or oid)] = tuple(form for form in forms if form in filled)
        return found

    def _other_parts(self) -> None:
        for item in self.version.iter():
            if (what := _OTHER_PARTS.get(local(item))) is not None:
                text = " ".join("".join(item.itertext()).split())[:500]
                self.report.drop(f"{self.file} {item.get('OID', '')}", what, _NO_PLACE, text)


_UNKNOWN: Final = both("文件中没有其定义", "the file does not define it")
_TWICE: Final = both("已有同名项目，已改名", "another item has it; renamed")
_AGAIN: Final = both("已在前面出现的表单中", "it is in a form that came before")


def _repeats(element: Element) -> bool:
    return element.get("Repeating", "No") not in ("No", "")


def _order(ref: Element) -> int:
    text = ref.get("OrderNumber", "")
    return int(text) if text.isdigit() else 0


def bilingual(document: dict[str, Any], root: Element) -> None:
    """Put both languages on fields whose question has both."""
    asked = {
        item.get("OID", ""): texts(_child(item, "Question"))
        for item in root.iter()
        if local(item) == "ItemDef"
    }
    for record_type in document["record_types"]:
        for item in record_type["fields"]:
            found = asked.get(item.get("element", {}).get("identifier", ""), {})
            if found.get("zh") and found.get("en"):
                item["label"] = both(found["zh"], found["en"])
