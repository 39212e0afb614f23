"""REDCap's data dictionary: a CSV file of 18 columns, one variable a row."""

from __future__ import annotations

import io
from collections.abc import Mapping

from metamodel.exchange.csv_rows import csv_rows, detect_delimiter
from metamodel.exchange.errors import HeaderWrong, MalformedCsv
from metamodel.exchange.names import title
from metamodel.exchange.redcap.project import Project, Variable
from metamodel.exchange.report import Report, both
from metamodel.exchange.source import SourceFile

COLUMNS = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
_NAMES = (
    "name", "form", "section", "kind", "label", "choices", "note", "validation", "minimum", "maximum",
    "identifier", "branching", "required", "alignment", "question_number", "matrix_group",
    "matrix_ranking", "annotation",
)  # fmt: skip
_NEEDED = {"name", "form", "kind", "label"}
_KINDS = {"select": "dropdown", "textarea": "notes", "number": "text"}


def is_dictionary(first_line: str) -> bool:
    """Whether a file that begins with this line is a data dictionary, in REDCap's old or new headings."""
    head = first_line.lstrip("\ufeff").lower().replace('"', "")
    return head.startswith(("variable / field name", "field_name")) and "branching" in head


def read_dictionary(file: SourceFile, report: Report) -> Project:
    """The variables of a data dictionary. It tells neither events nor repeats.

    Raises:
        UnknownEncoding, MalformedCsv, HeaderWrong: when the file can't be read.
    """
    variables = _variables(file)
    report.count("variables", len(variables))
    reason = both(
        "数据字典 CSV 不含访视与重复信息；请同时导入 project.xml",
        "a data dictionary tells neither; import project.xml as well",
    )
    report.leave_open(file.name, both("访视（events）与研究臂", "events and arms"), reason)
    report.leave_open(file.name, both("哪些表单或访视可重复", "which instruments or events repeat"), reason)
    report.understand(
        "仅凭数据字典：全部字段归入一个记录类型，各表单作为版面",
        "from the dictionary alone: one record type holds every field, its instruments are layout",
    )
    forms = dict.fromkeys(variable.form for variable in variables)
    return Project(
        title=file.name.rpartition("/")[2].rpartition(".")[0] or file.name,
        variables=variables,
        form_titles={form: title(form) for form in forms},
        key=variables[0].name,
        structure_known=False,
    )


def _variables(file: SourceFile) -> tuple[Variable, ...]:
    text = file.text()
    delimiter = detect_delimiter(text.partition("\n")[0])
    rows = csv_rows(io.StringIO(text, newline=""), file.name, delimiter)
    header = next(rows, None)
    if header is None:
        raise HeaderWrong(file=file.name, reason="the file is empty", reason_zh="文件为空")
    places = _places(header.cells, file.name)
    variables = []
    for row in rows:
        if not any(cell.strip() for cell in row.cells):
            continue
        if len(row.cells) > len(header.cells):
            raise MalformedCsv(
                file=file.name,
                line=row.line,
                reason=f"{len(row.cells)} cells, the header has {len(header.cells)}",
                reason_zh=f"有 {len(row.cells)} 个单元格，而表头只有 {len(header.cells)} 列",
            )
        variables.append(_variable(row.cells, places, row.line, file.name))
    if not variables:
        raise HeaderWrong(file=file.name, reason="no variable follows it", reason_zh="其后没有任何变量")
    return tuple(variables)


def _places(cells: list[str], name: str) -> Mapping[str, int]:
    """Where each property stands, by REDCap's headings or by their short API names."""
    known = {heading.lower(): prop for heading, prop in zip(COLUMNS, _NAMES, strict=True)} | _API_NAMES
    places = {known[cell.strip().lower()]: n for n, cell in enumerate(cells) if cell.strip().lower() in known}
    if missing := sorted(_NEEDED - places.keys()):
        listed = ", ".join(COLUMNS[_NAMES.index(item)] for item in missing)
        raise HeaderWrong(file=name, reason=f"it lacks {listed}", reason_zh=f"缺少列 {listed}")
    return places


_API_NAMES = {
    "field_name": "name",
    "form_name": "form",
    "section_header": "section",
    "field_type": "kind",
    "field_label": "label",
    "select_choices_or_calculations": "choices",
    "field_note": "note",
    "text_validation_type_or_show_slider_number": "validation",
    "text_validation_min": "minimum",
    "text_validation_max": "maximum",
    "identifier": "identifier",
    "branching_logic": "branching",
    "required_field": "required",
    "custom_alignment": "alignment",
    "question_number": "question_number",
    "matrix_group_name": "matrix_group",
    "matrix_ranking": "matrix_ranking",
    "field_annotation": "annotation",
}


def _variable(cells: list[str], places: Mapping[str, int], line: int, file: str) -> Variable:
    def value(prop: str) -> str:
        place = places.get(prop, len(cells))
        return cells[place].strip() if place < len(cells) else ""

    if not value("name"):
        raise MalformedCsv(file=file, line=line, reason="the variable has no name", reason_zh="变量没有名称")
    kind = value("kind").lower() or "text"
    return Variable(
        name=value("name"),
        kind=_KINDS.get(kind, kind),
        where=f"{file}:{line} {value('name')}",
        form=value("form") or "form",
        label=value("label"),
        section=value("section"),
        choices=value("choices"),
        note=value("note"),
        validation=value("validation"),
        minimum=value("minimum"),
        maximum=value("maximum"),
        identifier=is_yes(value("identifier")),
        branching=value("branching"),
        required=is_yes(value("required")),
        alignment=value("alignment"),
        question_number=value("question_number"),
        matrix_group=value("matrix_group"),
        matrix_ranking=value("matrix_ranking"),
        annotation=value("annotation"),
    )


def is_yes(text: str) -> bool:
    return text.strip().lower() in {"y", "yes", "1", "true"}
