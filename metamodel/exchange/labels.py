"""What jobs that move data are called in lists: 导入 肺结节 · 患者.

Whoever looks after jobs reads these without a right to the records;
so no name of a file with records, which may hold a person's.
"""

from __future__ import annotations

from metamodel.catalogue.model import Database, Label, RecordType

Texts = dict[str, str]


def import_label(database: Database, record_type: RecordType | None, dry_run: bool = False) -> Texts:
    """A file's rows into one record type, or into those that its columns name."""
    zh, en = ("检查", "Check an import into") if dry_run else ("导入", "Import into")
    return _label(zh, en, database, record_type)


def export_label(database: Database, record_type: RecordType) -> Texts:
    return _label("导出", "Export from", database, record_type)


def definition_label(code: str | None, files: list[str]) -> Texts:
    """Definition files into the draft of `code`, or of the code that the files say."""
    shown = ", ".join(files[:2]) + (f" (+{len(files) - 2})" if len(files) > 2 else "")
    into = f" {code}" if code else ""
    return {"zh": f"导入定义{into}: {shown}"[:300], "en": f"Import a definition{into}: {shown}"[:300]}


def _label(zh: str, en: str, database: Database, record_type: RecordType | None) -> Texts:
    return {
        "zh": f"{zh} {_place(database, record_type, 'zh')}"[:300],
        "en": f"{en} {_place(database, record_type, 'en')}"[:300],
    }


def _place(database: Database, record_type: RecordType | None, language: str) -> str:
    name = _name(database.label, database.code, language)
    return name if record_type is None else f"{name} · {_name(record_type.label, record_type.code, language)}"


def _name(label: Label, code: str, language: str) -> str:
    return label.text(language) or label.zh or label.en or code
