"""A definition as a file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from metamodel.exchange.errors import UnknownFormat
from metamodel.exchange.json_schema import write_json_schema
from metamodel.exchange.odm_writer import write_odm
from metamodel.exchange.redcap.writer import write_dictionary
from metamodel.exchange.report import Report
from metamodel.exchange.yaml_format import write_yaml

FORMATS = ("yaml", "redcap", "odm", "odm2", "jsonschema")
_ODM = {"odm": "1.3.2", "odm2": "2.0"}


@dataclass(frozen=True, slots=True)
class Exported:
    """The file's bytes (UTF-8), its media type and the report of what it could not hold."""

    content: bytes
    media_type: str
    extension: str
    report: dict[str, Any]


def write_definition(document: dict[str, Any], format: str, language: str = "en") -> Exported:
    """The definition as `format`: "yaml" (everything), else what fits: "redcap" (data dictionary),
    "odm" (CDISC ODM 1.3.2), "odm2" (2.0) or "jsonschema".

    `language` chooses the labels of formats that hold one language.

    Raises:
        UnknownFormat: for another format.
    """
    if format == "yaml":
        content = write_yaml(document).encode()
        return Exported(content, "application/yaml", "yaml", Report("yaml").to_json())
    if format == "redcap":
        text, report = write_dictionary(document, language)
        return Exported(text.encode("utf-8-sig"), "text/csv", "csv", report)
    if format in _ODM:
        odm, report = write_odm(document, _ODM[format])
        return Exported(odm, "application/xml", "xml", report)
    if format == "jsonschema":
        text, report = write_json_schema(document, language)
        return Exported(text.encode(), "application/schema+json", "schema.json", report)
    raise UnknownFormat(files=format, known=", ".join(FORMATS), known_zh="、".join(FORMATS))
