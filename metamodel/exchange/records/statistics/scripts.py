"""Scripts that read an exported file into R, Python, Stata, SAS and SPSS, with its labels."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from metamodel.exchange.records.statistics.codebook import About, Line, number_text
from metamodel.exchange.records.statistics.dialects import DTA, SAV, XPT, Dialect
from metamodel.exchange.records.statistics.names import names_for, shorten
from metamodel.exchange.records.statistics.variables import Kind

_NUMERIC: Final = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.NUMBER})


def scripts_for(format: str, about: About, language: str) -> dict[str, str]:
    """File name -> script, for each package that reads `format` (as named in the job's arguments)."""
    return {name: make(about, language) for name, make in _SCRIPTS[format].items()}


def _r(read: str, labelled: bool) -> Callable[[About, str], str]:
    """`read` has {file}; where a file can't hold labels, the script puts them on."""

    def script(about: About, language: str) -> str:
        lines = [f"# {about.database}.{about.record_type}", read.format(file=about.file)]
        if not labelled:
            lines += [line for item in about.lines for line in _r_labels(item, language)]
        return "\n".join(lines) + "\n"

    return script


def _r_labels(line: Line, language: str) -> list[str]:
    column = f"data[[{_r_text(line.name)}]]"
    lines = []
    if line.kind is Kind.CHOICE and line.values:
        values = ", ".join(_r_text(number_text(item.value)) for item in line.values)
        labels = ", ".join(_r_text(item.label.text(language) or item.code) for item in line.values)
        lines.append(f"{column} <- factor({column}, levels = c({values}), labels = make.unique(c({labels})))")
    if text := line.label.text(language):
        lines.append(f'attr({column}, "label") <- {_r_text(text)}')
    return lines


def _r_text(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _r_csv(about: About, language: str) -> str:
    classes = ", ".join(
        f"{_r_text(line.name)} = {_r_text(_R_CLASSES.get(line.kind, 'character'))}" for line in about.lines
    )
    read = (
        f'data <- read.csv("{about.file}", fileEncoding = "UTF-8-BOM", check.names = FALSE,\n'
        '  na.strings = "",\n'
        f"  colClasses = c({classes}))"
    )
    return _r(read.replace("{", "{{").replace("}", "}}"), labelled=False)(about, language)


_R_CLASSES: Final = {
    Kind.INTEGER: "numeric", Kind.DECIMAL: "numeric", Kind.NUMBER: "numeric", Kind.DATE: "Date",
}  # fmt: skip


def _python(read: str) -> Callable[[About, str], str]:
    def script(about: About, language: str) -> str:
        labels = {line.name: line.label.text(language) for line in about.lines}
        return f"{read.format(file=about.file, table=about.record_type)}\nlabels = {labels!r}\n"

    return script


def _python_csv(about: About, language: str) -> str:
    text = [line.name for line in about.lines if line.kind not in _NUMERIC]
    dates = [line.name for line in about.lines if line.kind in (Kind.DATE, Kind.DATETIME)]
    labels = {line.name: line.label.text(language) for line in about.lines}
    values = {
        line.name: {str(item.value): item.label.text(language) for item in line.values}
        for line in about.lines
        if line.values
    }
    return (
        "import pandas\n\n"
        f"text = {text!r}\ndates = {dates!r}\nlabels = {labels!r}\nvalues = {values!r}\n\n"
        f'data = pandas.read_csv("{about.file}", encoding="utf-8-sig", dtype=dict.fromkeys(text, str),\n'
        '                       keep_default_na=False, na_values=[""])\n'
        "for name in dates:\n"
        '    data[name] = pandas.to_datetime(data[name], errors="coerce")\n'
    )


def _do_csv(about: About, language: str) -> str:
    lines = [
        "version 14",
        f'import delimited using "{about.file}", varnames(nonames) rowrange(2) ///',
        '  encoding("utf-8") bindquote(strict) maxquotedrows(unlimited) stringcols(_all) clear',
    ]
    for number, line in enumerate(_renamed(about, DTA), 1):
        lines += [f"rename v{number} {line.name}", *_do_typed(line)]
        label = shorten(line.label.text(language), 80, False)
        lines.append(f"label variable {line.name} {_do_text(label)}")
    return "\n".join(lines) + "\n"


def _do_typed(line: Line) -> list[str]:
    name = line.name
    if line.kind in _NUMERIC or line.kind is Kind.BOOLEAN:
        return [f"destring {name}, replace"]
    if line.kind in (Kind.DATE, Kind.DATETIME):
        made, shown = ("daily", "%td") if line.kind is Kind.DATE else ("clock", "%tc")
        mask = "YMD" if line.kind is Kind.DATE else "YMDhms"
        return [
            f'generate double {name}_ = {made}({name}, "{mask}")', f"format {name}_ {shown}",
            f"order {name}_, after({name})", f"drop {name}", f"rename {name}_ {name}",
        ]  # fmt: skip
    return []


def _do_text(text: str) -> str:
    return '`"' + text.replace("`", "'").replace("\n", " ") + "\"'"


def _use(about: About, language: str) -> str:
    return f'version 14\nuse "{about.file}", clear\ndescribe\n'


def _get_file(about: About, language: str) -> str:
    return f"* Encoding: UTF-8.\nGET FILE='{about.file}'.\nDISPLAY DICTIONARY.\n"


_SPSS_TYPES: Final = {
    Kind.INTEGER: "F20.0", Kind.DECIMAL: "F20.8", Kind.NUMBER: "F20.8", Kind.BOOLEAN: "F1.0",
    Kind.DATE: "SDATE10", Kind.DATETIME: "YMDHMS19", Kind.TIME: "TIME8",
}  # fmt: skip


def _sps_csv(about: About, language: str) -> str:
    found = _renamed(about, SAV)
    lines = ["* Encoding: UTF-8.", f"GET DATA /TYPE=TXT /FILE='{about.file}' /ENCODING='UTF8'",
             "  /DELIMITERS=\",\" /QUALIFIER='\"' /ARRANGEMENT=DELIMITED /MULTILINE=YES /FIRSTCASE=2",
             "  /VARIABLES="]  # fmt: skip
    lines += [f"    {line.name} {_SPSS_TYPES.get(line.kind, f'A{_width(line)}')}" for line in found]
    lines[-1] += "."
    for line in found:
        lines.append(f"VARIABLE LABELS {line.name} {_single(shorten(line.label.text(language), 255, True))}.")
        if line.values and line.kind in (Kind.CHOICE, Kind.BOOLEAN):
            listed = " ".join(
                f"{_value(item.value, line.kind)} {_single(item.label.text(language) or item.code)}"
                for item in line.values
            )
            lines.append(f"VALUE LABELS {line.name} {listed}.")
    return "\n".join([*lines, "EXECUTE."]) + "\n"


def _sas_xpt(about: About, language: str) -> str:
    lines = [f"%xpt2loc(libref=work, memlist=_all_, filespec='{about.file}');"]
    coded = [(n, line) for n, line in enumerate(about.lines, 1) if line.values]
    if coded:
        lines.append("proc format;")
        for number, line in coded:
            text = any(isinstance(item.value, str) for item in line.values)
            listed = " ".join(
                f"{_value(item.value, line.kind)} = {_single(item.label.text(language) or item.code)}"
                for item in line.values
            )
            lines.append(f"  value {'$' if text else ''}f{number}_ {listed};")
        table = about.record_type[:32]
        lines += ["run;", f"data {table}; set {table};"]
        for number, line in coded:
            text = any(isinstance(item.value, str) for item in line.values)
            lines.append(f"  format {line.name} {'$' if text else ''}f{number}_.;")
        lines.append("run;")
    return "\n".join(lines) + "\n"


_SAS_READ: Final = {
    Kind.INTEGER: "best32.", Kind.DECIMAL: "best32.", Kind.NUMBER: "best32.", Kind.BOOLEAN: "1.",
    Kind.DATE: "yymmdd10.", Kind.DATETIME: "e8601dt19.", Kind.TIME: "time8.",
}  # fmt: skip


def _sas_csv(about: About, language: str) -> str:
    found = _renamed(about, XPT)
    lines = [
        f"data {about.record_type[:32]};",
        f"  infile '{about.file}' dsd dlm=',' firstobs=2 termstr=crlf encoding='utf-8'",
        "    lrecl=1048576 truncover;",
    ]
    for line in found:
        lines.append(f"  informat {line.name} {_SAS_READ.get(line.kind, f'${_width(line)}.')};")
        if line.kind in (Kind.DATE, Kind.DATETIME, Kind.TIME):
            lines.append(f"  format {line.name} {_SAS_READ[line.kind]};")
        lines.append(f"  label {line.name} = {_single(shorten(line.label.text(language), 255, True))};")
    names = "\n    ".join(line.name for line in found)
    return "\n".join([*lines, f"  input\n    {names};", "run;"]) + "\n"


def _width(line: Line) -> int:
    """What a text variable needs, up to the most that SPSS and SAS take."""
    return min(max(line.width, 1), 32_767)


def _single(text: str) -> str:
    return "'" + text.replace("'", "''").replace("\n", " ") + "'"


def _value(value: object, kind: Kind) -> str:
    return _single(value) if isinstance(value, str) and kind is Kind.CHOICE else number_text(value)


def _renamed(about: About, dialect: Dialect) -> Sequence[Line]:
    """The lines with names that the package takes; a CSV's own headings may be labels."""
    names = names_for([line.source for line in about.lines], dialect)
    return [replace(line, name=name) for line, name in zip(about.lines, names, strict=True)]


Makers = Mapping[str, Callable[[About, str], str]]
_SCRIPTS: Final[Mapping[str, Makers]] = {
    "csv": {
        "import.R": _r_csv, "import.py": _python_csv, "import.do": _do_csv, "import.sas": _sas_csv,
        "import.sps": _sps_csv,
    },
    "xlsx": {
        "import.R": _r('data <- as.data.frame(readxl::read_excel("{file}", sheet = 1))', labelled=False),
        "import.py": _python('import pandas\n\ndata = pandas.read_excel("{file}", sheet_name=0)'),
    },
    "sav": {
        "import.sps": _get_file,
        "import.R": _r('data <- haven::read_sav("{file}", user_na = TRUE)', labelled=True),
        "import.py": _python(
            'import pyreadstat\n\ndata, meta = pyreadstat.read_sav("{file}", user_missing=False)'
        ),
    },
    "dta": {
        "import.do": _use,
        "import.R": _r('data <- haven::read_dta("{file}")', labelled=True),
        "import.py": _python('import pyreadstat\n\ndata, meta = pyreadstat.read_dta("{file}")'),
    },
    "xpt": {
        "import.sas": _sas_xpt,
        "import.R": _r('data <- haven::read_xpt("{file}")', labelled=False),
        "import.py": _python('import pyreadstat\n\ndata, meta = pyreadstat.read_xport("{file}")'),
    },
    "rdata": {
        "import.R": _r('load("{file}")', labelled=True),
        "import.py": _python('import pyreadr\n\ndata = pyreadr.read_r("{file}")["{table}"]'),
    },
    "parquet": {
        "import.R": _r('data <- as.data.frame(arrow::read_parquet("{file}"))', labelled=False),
        "import.py": _python('import pandas\n\ndata = pandas.read_parquet("{file}")'),
    },
}  # fmt: skip
