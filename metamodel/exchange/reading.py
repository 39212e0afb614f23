"""Which format files are in, and the definition in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from metamodel.exchange.archive import unpacked
from metamodel.exchange.errors import UnknownFormat
from metamodel.exchange.fhir import is_questionnaire, read_json, read_questionnaire
from metamodel.exchange.formio import read_formio
from metamodel.exchange.isaric.library import is_library, read_library
from metamodel.exchange.odm import bilingual, read_odm
from metamodel.exchange.redcap.dictionary import is_dictionary, read_dictionary
from metamodel.exchange.redcap.document import project_document
from metamodel.exchange.redcap.odm import is_redcap, parse_xml, read_project_xml
from metamodel.exchange.report import Report, both
from metamodel.exchange.source import SourceFile
from metamodel.exchange.yaml_format import read_yaml

KNOWN = (
    "YAML, REDCap data dictionary CSV, REDCap project.xml, CDISC ODM xml, "
    "FHIR Questionnaire json, Form.io json, ISARIC ARC folder or zip"
)
KNOWN_ZH = (
    "YAML、REDCap 数据字典 CSV、REDCap project.xml、CDISC ODM xml、"
    "FHIR Questionnaire json、Form.io json、ISARIC ARC 文件夹或 zip"
)


@dataclass(frozen=True, slots=True)
class Imported:
    """A definition's document and the report of how it was read (JSON-ready, see `report.Report`)."""

    document: dict[str, Any]
    report: dict[str, Any]


def read_definition(files: Sequence[SourceFile], code: str | None = None) -> Imported:
    """The definition in `files`, whose format is told by their names and first lines.

    `code` becomes the definition's code where the format has none; else it is made from the title.

    Raises:
        ExchangeError: when a file can't be read, or is in no known format.
    """
    found = unpacked(files)
    if any(is_library(file) for file in found):
        report = Report("isaric-arc")
        project = read_library(found, report)
        document = project_document(project, code or "isaric_arc", report)
        return Imported(document, report.to_json())
    if yaml := [file for file in found if file.extension in {"yaml", "yml"}]:
        return _from_yaml(yaml[0], found)
    if xml := [file for file in found if file.extension == "xml"]:
        return _from_xml(xml[0], found, code)
    if found_json := [file for file in found if file.extension == "json"]:
        return _from_json(found_json[0], found, code)
    if dictionaries := [file for file in found if file.extension == "csv" and _is_dictionary(file)]:
        return _from_redcap(dictionaries[0], found, code)
    listed = ", ".join(file.name for file in files) or "-"
    raise UnknownFormat(files=listed, known=KNOWN, known_zh=KNOWN_ZH)


def _from_yaml(file: SourceFile, files: Sequence[SourceFile]) -> Imported:
    report = Report("yaml")
    document = read_yaml(file)
    _count(document, report)
    report.understand("YAML 定义，逐项读入", "a definition in YAML, read as it is")
    _report_unused(files, file, report)
    return Imported(document, report.to_json())


def _count(document: dict[str, Any], report: Report) -> None:
    """What a document holds; it was not checked yet, so anything may stand in it."""
    types = document.get("record_types")
    kinds = [item for item in types if isinstance(item, dict)] if isinstance(types, list) else []
    report.counts["record types"] = len(kinds)
    for name, holder in (("fields", kinds or [document]), ("forms", [document]), ("value sets", [document])):
        held = [item.get(name.replace(" ", "_")) for item in holder]
        report.counts[name] = sum(len(item) for item in held if isinstance(item, list | dict))


def _from_xml(file: SourceFile, files: Sequence[SourceFile], code: str | None) -> Imported:
    """ODM is written by many; REDCap's has its own attributes."""
    root = parse_xml(file)
    if is_redcap(root):
        return _from_redcap(file, files, code)
    report = Report("odm")
    project = read_odm(file, root, report)
    _report_unused(files, file, report)
    document = project_document(project, code or code_from(project.title), report)
    bilingual(document, root)
    return Imported(document, report.to_json())


def _from_json(file: SourceFile, files: Sequence[SourceFile], code: str | None) -> Imported:
    found = read_json(file)
    if is_questionnaire(found):
        report = Report("fhir-questionnaire")
        project = read_questionnaire(file, found, report)
    else:
        report = Report("formio")
        project = read_formio(file, found, report)
    _report_unused(files, file, report)
    document = project_document(project, code or code_from(project.title), report)
    return Imported(document, report.to_json())


def _from_redcap(file: SourceFile, files: Sequence[SourceFile], code: str | None) -> Imported:
    """A project.xml decides even when a dictionary is there, since it tells all that the CSV does."""
    if file.extension == "xml":
        report = Report("redcap-xml")
        project = read_project_xml(file, report)
    else:
        report = Report("redcap-csv")
        project = read_dictionary(file, report)
    _report_unused(files, file, report)
    document = project_document(project, code or code_from(project.title), report)
    return Imported(document, report.to_json())


def _is_dictionary(file: SourceFile) -> bool:
    return is_dictionary(file.text().partition("\n")[0])


def _report_unused(files: Sequence[SourceFile], used: SourceFile, report: Report) -> None:
    for file in files:
        if file is not used:
            reason = both(f"以 {used.name} 为准", f"{used.name} decides")
            report.drop(file.name, both("文件未使用", "a file that was not used"), reason)


def code_from(title: str) -> str:
    """A definition code made from a title: `REDCapR: longitudinal` -> `redcapr_longitudinal`."""
    code = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:63]
    return code if re.match(r"[a-z]", code) else f"database_{code}".rstrip("_")[:63]
