"""A REDCap data dictionary becomes a definition."""

from pathlib import Path

import pytest

from metamodel.definitions import errors_of, validate_document
from metamodel.exchange import SourceFile, read_definition, render_report, write_definition
from metamodel.exchange.errors import HeaderWrong, MalformedCsv, UnknownFormat
from metamodel.exchange.redcap.validation import VALIDATIONS
from tests.metamodel.exchange.redcap_files import dictionary, variable


def imported(*rows):
    return read_definition([dictionary(*rows)])


def field_of(result, code):
    return next(item for item in result.document["record_types"][0]["fields"] if item["code"] == code)


def not_carried(result):
    return [(item["what"]["en"], item["text"]) for item in result.report["not_carried"]]


def test_the_dictionary_alone_gives_one_record_type_and_says_what_it_cannot_tell():
    result = imported(variable("age"), variable("weight", form="visit"))

    (record_type,) = result.document["record_types"]
    assert record_type["key"] == "record_id"
    assert [form["code"] for form in result.document["forms"]] == ["main", "visit"]
    assert [item["what"]["en"] for item in result.report["unknown"]] == [
        "events and arms",
        "which instruments or events repeat",
    ]
    assert errors_of(validate_document(result.document)) == []


@pytest.mark.parametrize(
    ("validation", "type", "options"),
    [
        ("integer", "integer", {}),
        ("number", "float", {}),
        ("number_comma_decimal", "float", {"decimal_mark": ","}),
        ("number_2dp", "decimal", {"scale": 2}),
        ("number_1dp_comma_decimal", "decimal", {"scale": 1, "decimal_mark": ","}),
        ("date_ymd", "date", {}),
        ("date_dmy", "date", {"text_format": "dmy"}),
        ("datetime_mdy", "datetime", {"text_format": "mdy", "precision": "minute"}),
        ("datetime_seconds_ymd", "datetime", {}),
        ("time", "time", {"precision": "minute"}),
        ("email", "string", {"format": "email"}),
        ("mrn_10d", "string", {"pattern": "[0-9]{10}"}),
        ("time_mm_ss", "string", {"pattern": "[0-5]?[0-9]:[0-5][0-9]"}),
    ],
)
def test_a_text_validation_becomes_a_field_type(validation, type, options):
    field = field_of(imported(variable("x", validation=validation)), "x")

    assert (field["type"], field.get("options", {})) == (type, options)


@pytest.mark.parametrize(
    ("kind", "choices", "type"),
    [
        ("notes", "", "long_text"),
        ("yesno", "", "boolean"),
        ("truefalse", "", "boolean"),
        ("radio", "1, a | 2, b", "choice"),
        ("dropdown", "1, a | 2, b", "choice"),
        ("checkbox", "1, a | 2, b", "multi_choice"),
        ("slider", "low | high", "integer"),
    ],
)
def test_a_field_type_of_redcap_becomes_one_of_ours(kind, choices, type):
    assert field_of(imported(variable("x", kind, choices=choices)), "x")["type"] == type


def test_a_slider_keeps_its_labels_as_help_and_its_range():
    field = field_of(imported(variable("mood", "slider", choices="sad | happy", note="today")), "mood")

    assert (field["minimum"], field["maximum"]) == (0, 100)
    assert field["help"]["en"] == "today\nsad | happy"


def test_equal_choice_lists_share_a_value_set():
    document = imported(
        variable("a", "radio", choices="1, Yes | 0, No"),
        variable("b", "radio", choices="1,Yes|0,No"),
        variable("c", "radio", choices="0, No | 1, Yes"),
    ).document

    assert list(document["value_sets"]) == ["a", "c"]
    assert document["value_sets"]["a"]["choices"][0] == {"code": "1", "label": {"zh": "", "en": "Yes"}}


def test_what_the_row_says_of_a_field_is_kept():
    row = variable(
        "dob", validation="date_dmy", minimum="1900-01-01", maximum="today", identifier="y", required="y",
        note="as on the <b>ID card</b>", label="出生日期",
    )  # fmt: skip
    field = field_of(imported(row), "dob")

    assert field["label"] == {"zh": "出生日期", "en": ""}
    assert (field["minimum"], field["maximum"]) == ("1900-01-01", "today")
    assert field["identifying"] is True
    assert field["required"] is True
    assert field["help"]["en"] == "as on the ID card"


def test_sections_and_descriptive_texts_become_layout():
    result = imported(
        variable("a", section="Basics"),
        variable("info", "descriptive", label="Ask <i>kindly</i>"),
        variable("b"),
    )

    assert result.document["forms"][0]["items"] == [
        {"field": "record_id"},
        {"section": {"zh": "", "en": "Basics"}},
        {"field": "a"},
        {"text": {"zh": "", "en": "Ask kindly"}},
        {"field": "b"},
    ]


def test_a_text_keeps_its_branching_logic_there_and_back():
    result = imported(
        variable("sex", "radio", choices="1, m | 2, f"),
        variable("info", "descriptive", label="For women", branching="[sex] = '2'"),
        variable("lost", "descriptive", label="Lost", branching="[nowhere] = '2'"),
    )

    items = result.document["forms"][0]["items"]
    assert items[-2:] == [
        {"text": {"zh": "", "en": "For women"}, "shown_if": "[sex] = '2'"},
        {"text": {"zh": "", "en": "Lost"}},
    ]
    counts = result.report["counts"]
    assert (counts["branching rules"], counts["branching rules translated"]) == (2, 1)
    written = write_definition(result.document, "redcap")
    again = read_definition([SourceFile("again.csv", written.content)])
    assert again.document["forms"][0]["items"][-2:] == items[-2:]


def test_a_heading_with_a_skip_rule_is_written_without_it_and_listed():
    document = imported(variable("a")).document
    document["forms"][0]["items"].insert(0, {"section": {"en": "One"}, "shown_if": "[a] = '1'"})

    report = write_definition(document, "redcap").report

    assert [
        (item["where"], item["text"]) for item in report["not_carried"] if item["text"] == "[a] = '1'"
    ] == [(document["forms"][0]["code"], "[a] = '1'")]


def test_what_has_no_place_here_is_listed_one_by_one():
    result = imported(
        variable("scan", "file", label="Upload"),
        variable("site", "sql", choices="SELECT 1"),
        variable("gym", alignment="RH", matrix_group="week", annotation="@HIDDEN"),
        variable("icd", choices="BIOPORTAL:ICD-10"),
        variable("odd", validation="postalcode_mars"),
        variable("double", "radio", choices="1, a | 1, b"),
        variable("late", minimum="[start]", validation="date_ymd"),
    )

    assert not_carried(result) == [
        ("a file variable", "Upload"),
        ("a sql variable", "SELECT 1"),
        ("custom alignment", "RH"),
        ("matrix group", "week"),
        ("field annotation or action tag", "@HIDDEN"),
        ("choices of a text box", "BIOPORTAL:ICD-10"),
        ("text validation type", "postalcode_mars"),
        ("a repeated choice", "1, b"),
        ("the minimum", "[start]"),
    ]
    assert all(item["reason"]["zh"] and item["reason"]["en"] for item in result.report["not_carried"])


def test_illegal_reserved_and_long_names_are_mapped_and_listed():
    long = "x" * 200
    result = imported(
        variable("Visit-Date"), variable("status"), variable("9lives"), variable(long), variable("status")
    )

    codes = [field["code"] for field in result.document["record_types"][0]["fields"]]
    assert codes == ["record_id", "visit_date", "status_f", "f_9lives", "x" * 99]
    assert ("variable name", "Visit-Date -> visit_date") in not_carried(result)
    assert ("a repeated variable", "status") in not_carried(result)
    assert field_of(result, "visit_date")["element"] == {"redcap": "Visit-Date"}
    assert errors_of(validate_document(result.document)) == []


def test_ten_thousand_choices_are_read():
    text = " | ".join(f"{n}, choice {n}" for n in range(10_000))

    document = imported(variable("icd", "dropdown", choices=text)).document

    assert len(document["value_sets"]["icd"]["choices"]) == 10_000


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_the_encoding_does_not_matter(encoding):
    file = dictionary(variable("sex", "radio", label="性别", choices="1, 男 | 2, 女"), encoding=encoding)

    document = read_definition([file]).document

    assert document["record_types"][0]["fields"][1]["label"]["zh"] == "性别"


@pytest.mark.parametrize(
    ("content", "error", "reason"),
    [
        (b"Variable / Field Name,Form Name,Branching Logic\na,b,c\n", HeaderWrong, "it lacks Field Type"),
        (dictionary().data().split(b"\r\n")[0], HeaderWrong, "no variable follows"),
        (dictionary().data() + b'x,main,,"text,\n', MalformedCsv, "not closed"),
        (dictionary().data() + b"," * 30 + b"z\r\n", MalformedCsv, "31 cells, the header has 18"),
        (dictionary().data() + b",main,,text,label\r\n", MalformedCsv, "no name"),
        (b"just,some,csv\n1,2,3\n", UnknownFormat, "no format"),
    ],
)  # fmt: skip
def test_a_broken_dictionary_is_refused_with_its_reason(content, error, reason):
    with pytest.raises(error) as caught:
        read_definition([SourceFile("dictionary.csv", content)])

    assert reason in caught.value.message("en")
    assert "未导入" in caught.value.message("zh")


def test_the_report_reads_in_both_languages():
    report = imported(variable("scan", "file", label="Upload")).report

    assert "  - dictionary.csv:3 scan a file variable «Upload»: there is no file field" in render_report(
        report, "en"
    )
    assert "  - dictionary.csv:3 scan 文件（file）变量 «Upload»：没有文件字段" in render_report(report, "zh")


def test_every_validation_is_in_the_reference() -> None:
    text = (Path(__file__).parents[3] / "docs" / "reference" / "import-formats.md").read_text(
        encoding="utf-8"
    )

    def named(name: str) -> bool:
        return f"`{name}`" in text or any(f"`{stem}_*`" in text for stem in _stems(name)) or "dp" in name

    assert [name for name in VALIDATIONS if name and not named(name)] == []


def _stems(name: str) -> list[str]:
    parts = name.split("_")
    return ["_".join(parts[:end]) for end in range(1, len(parts))]
