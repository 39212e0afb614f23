"""REDCap's project.xml: CDISC ODM 1.3.1 with REDCap's own attributes. It alone knows events and repeats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from metamodel.exchange.choices import ChoiceText, format_choices
from metamodel.exchange.errors import HeaderWrong, MalformedXml, UnsafeXml
from metamodel.exchange.redcap.dictionary import is_yes
from metamodel.exchange.redcap.project import Event, Project, Variable
from metamodel.exchange.report import Report, both
from metamodel.exchange.source import SourceFile

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
REDCAP = "{https://projectredcap.org}"
_KINDS = {"select": "dropdown", "textarea": "notes"}


def read_project_xml(file: SourceFile, report: Report) -> Project:
    """The variables, events and repeats of a project. Its clinical data is left alone.

    Raises:
        MalformedXml, UnsafeXml, HeaderWrong: when it can't be read as such a file.
    """
    root = parse_xml(file)
    study = root.find(f"{ODM}Study")
    version = None if study is None else study.find(f"{ODM}MetaDataVersion")
    if study is None or version is None or not any(REDCAP in name for name in _attributes(version)):
        raise HeaderWrong(
            file=file.name,
            reason="it is no ODM 1.3 project file of REDCap",
            reason_zh="不是 REDCap 导出的 ODM 1.3 项目文件",
        )
    variables = tuple(_variables(version, file.name, report))
    if not variables:
        raise HeaderWrong(file=file.name, reason="it defines no variable", reason_zh="没有定义任何变量")
    report.count("variables", len(variables))
    if root.find(f"{ODM}ClinicalData") is not None:
        reason = both(
            "定义导入不读取数据；请用数据 CSV 导入记录",
            "a definition holds no data; import records from the data CSV",
        )
        report.drop(file.name, both("临床数据（ClinicalData）", "its clinical data"), reason)
    return _project(study, version, variables)


def is_redcap(root: Element) -> bool:
    """Whether an ODM file has REDCap's own attributes."""
    return any(REDCAP in name for name in _attributes(root))


def parse_xml(file: SourceFile) -> Element:
    """A document type is passed over: what it names is never fetched, and entities are refused.

    Raises:
        UnsafeXml: at an entity declaration or a reference to another file.
        MalformedXml: when it is not well-formed.
    """
    try:
        root: Element = fromstring(file.data(), forbid_dtd=False, forbid_entities=True, forbid_external=True)
    except DefusedXmlException as error:
        raise UnsafeXml(file=file.name) from error
    except ParseError as error:
        line, column = error.position
        reason, reason_zh = f"{error.msg}", f"第 {line} 行第 {column + 1} 列有语法错误"
        raise MalformedXml(file=file.name, reason=reason, reason_zh=reason_zh) from error
    except (ValueError, LookupError) as error:
        raise MalformedXml(file=file.name, reason=str(error), reason_zh="无法按其声明的编码读取") from error
    return root


def _attributes(version: Element) -> Iterator[str]:
    for element in version.iter():
        yield from element.attrib


def _project(study: Element, version: Element, variables: tuple[Variable, ...]) -> Project:
    events = tuple(_events(version))
    return Project(
        title=study.findtext(f"{ODM}GlobalVariables/{ODM}StudyName", "").strip() or "REDCap",
        variables=variables,
        form_titles=_form_titles(version),
        key=version.get(f"{REDCAP}RecordIdField") or variables[0].name,
        events=tuple(event for event, _ in events),
        event_forms={event.code: forms for event, forms in events},
        repeating_forms=frozenset(_repeating_forms(study, version, bool(events))),
        repeating_events=frozenset(_repeating_events(study, version)),
    )


def _form_titles(version: Element) -> Mapping[str, str]:
    return {_form_name(form): form.get("Name", "") for form in version.findall(f"{ODM}FormDef")}


def _form_name(form: Element) -> str:
    oid = form.get("OID", form.get("FormOID", ""))
    return form.get(f"{REDCAP}FormName") or oid.removeprefix("Form.")


def _events(version: Element) -> Iterator[tuple[Event, tuple[str, ...]]]:
    """Events in the order of the protocol, each with its instruments."""
    order = {
        ref.get("StudyEventOID", ""): int(ref.get("OrderNumber", "0"))
        for ref in version.findall(f"{ODM}Protocol/{ODM}StudyEventRef")
    }
    found = version.findall(f"{ODM}StudyEventDef")
    for event in sorted(found, key=lambda item: order.get(item.get("OID", ""), len(order) + 1)):
        code = _event_code(event)
        name = event.get(f"{REDCAP}EventName") or event.get("Name") or code
        forms = tuple(_form_name(ref) for ref in event.findall(f"{ODM}FormRef"))
        yield Event(code, name, event.get(f"{REDCAP}ArmName", "")), forms


def _event_code(event: Element) -> str:
    return event.get(f"{REDCAP}UniqueEventName") or event.get("OID", "").removeprefix("Event.")


def _repeating_forms(study: Element, version: Element, longitudinal: bool) -> Iterator[tuple[str, str]]:
    for item in study.iter(f"{REDCAP}RepeatingInstrument"):
        event = item.get(f"{REDCAP}UniqueEventName", "") if longitudinal else ""
        yield event, item.get(f"{REDCAP}RepeatInstrument", "")
    for form in version.findall(f"{ODM}FormDef"):
        if form.get("Repeating") == "Yes":
            yield "", _form_name(form)


def _repeating_events(study: Element, version: Element) -> Iterator[str]:
    for item in study.iter(f"{REDCAP}RepeatingEvent"):
        yield item.get(f"{REDCAP}UniqueEventName", "")
    for event in version.findall(f"{ODM}StudyEventDef"):
        if event.get("Repeating") == "Yes":
            yield _event_code(event)


def _variables(version: Element, file: str, report: Report) -> Iterator[Variable]:
    """Variables in the order of their instruments. Items of one checkbox are one variable."""
    form_of = _form_of_items(version)
    lists = {item.get("OID", ""): item for item in version.findall(f"{ODM}CodeList")}
    items = {item.get("OID", ""): item for item in version.findall(f"{ODM}ItemDef")}
    seen: set[str] = set()
    for oid in [oid for oid in form_of if oid in items] + [oid for oid in items if oid not in form_of]:
        item = items[oid]
        name = item.get(f"{REDCAP}Variable") or oid
        form = form_of.get(oid, "form")
        if name in seen:
            continue
        seen.add(name)
        if name == f"{form}_complete":
            reason = both(
                "REDCap 的表单完成状态不是研究字段",
                "REDCap's status of an instrument, not a field of the study",
            )
            report.drop(f"{file} {name}", both("表单完成状态", "form status"), reason)
            report.count("form status items")
            continue
        yield _variable(item, name, form, lists, f"{file} {name}")


def _form_of_items(version: Element) -> Mapping[str, str]:
    groups = {group.get("OID", ""): group for group in version.findall(f"{ODM}ItemGroupDef")}
    return {
        ref.get("ItemOID", ""): _form_name(form)
        for form in version.findall(f"{ODM}FormDef")
        for group in form.findall(f"{ODM}ItemGroupRef")
        for ref in groups.get(group.get("ItemGroupOID", ""), Element("none")).findall(f"{ODM}ItemRef")
    }


def _variable(item: Element, name: str, form: str, lists: Mapping[str, Element], where: str) -> Variable:
    def extension(key: str) -> str:
        return item.get(f"{REDCAP}{key}", "").strip()

    kind = extension("FieldType").lower() or "text"
    low, high = _range(item)
    return Variable(
        name=name,
        form=form,
        kind=_KINDS.get(kind, kind),
        label=item.findtext(f"{ODM}Question/{ODM}TranslatedText", "").strip(),
        where=where,
        section=extension("SectionHeader"),
        choices=extension("Calculation") or extension("SliderLabels") or _choices(item, lists, kind),
        note=extension("FieldNote"),
        validation=extension("TextValidationType"),
        minimum=low,
        maximum=high,
        identifier=is_yes(extension("Identifier")),
        branching=extension("BranchingLogic"),
        required=is_yes(extension("RequiredField")),
        alignment=extension("CustomAlignment"),
        question_number=extension("QuestionNumber"),
        matrix_group=extension("MatrixGroupName"),
        matrix_ranking=extension("MatrixRanking"),
        annotation=extension("FieldAnnotation"),
    )


def _range(item: Element) -> tuple[str, str]:
    bounds = {
        check.get("Comparator", ""): check.findtext(f"{ODM}CheckValue", "").strip()
        for check in item.findall(f"{ODM}RangeCheck")
    }
    return bounds.get("GE", ""), bounds.get("LE", "")


def _choices(item: Element, lists: Mapping[str, Element], kind: str) -> str:
    if kind not in {"radio", "select", "dropdown", "checkbox", "sql"}:
        return ""
    reference = item.find(f"{ODM}CodeListRef")
    found = lists.get("" if reference is None else reference.get("CodeListOID", ""))
    if found is None:
        return ""
    if kind == "checkbox":
        return found.get(f"{REDCAP}CheckboxChoices", "")
    return format_choices(
        [
            ChoiceText(entry.get("CodedValue", ""), entry.findtext(f"{ODM}Decode/{ODM}TranslatedText", ""))
            for entry in found.findall(f"{ODM}CodeListItem")
        ]
    )
