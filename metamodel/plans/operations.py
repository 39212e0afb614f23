"""The operations of a plan: what changes from one release to the next, each with its own safety.

An operation only says what changes; what it needs to know of fields is read from the plan's document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, ClassVar


class Safety(StrEnum):
    """What an operation may cost. Anything but `safe` needs an approval."""

    SAFE = "safe"
    LOSSY = "lossy"  # values stay stored, but some no longer fit the definition
    DESTRUCTIVE = "destructive"  # values stay stored, but no release shows them any more


PROPERTIES_ZH: Mapping[str, str] = {
    "label": "名称",
    "description": "说明",
    "category": "类别",
    "events": "事件",
    "value_sets": "值域",
    "forms": "表单",
    "repeats": "可重复性",
    "required": "必填",
    "required_if": "必填条件",
    "shown_if": "显示条件",
    "calculation": "计算公式",
    "minimum": "最小值",
    "maximum": "最大值",
    "choices": "可选值",
    "checks": "校验规则",
    "options": "选项",
    "identifying": "标识信息属性",
    "masking": "脱敏方式",
    "missing_codes": "缺失代码",
    "value_set": "值域",
    "element": "数据元",
    "storage": "数据来源",
    "type": "类型",
    "unit": "单位",
    "key": "主键字段",
    "writer": "写入方",
    "patient_path": "患者路径",
    "centre_path": "中心路径",
}


@dataclass(frozen=True, kw_only=True)
class Operation:
    """A change of the database as a whole, or, in the subclasses, of one record type or field.

    `type_id` is the stable id of the record type concerned and `record_type` its code.
    """

    kind: ClassVar[str]
    stores: ClassVar[bool] = False  # does work in the tables before the swap
    worst: ClassVar[Safety] = Safety.SAFE  # its safety when stored values are concerned
    zh: ClassVar[str]
    en: ClassVar[str]

    type_id: str = ""
    record_type: str = ""
    safety: Safety = Safety.SAFE

    def text(self, language: str = "zh") -> str:
        """One line for people."""
        template = self.zh if language == "zh" else self.en
        words = self._words()
        for name in ("property", "part"):
            if language == "zh" and name in words:
                words[name] = PROPERTIES_ZH.get(words[name], words[name])
        return template.format_map(words)

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, **asdict(self), "text": {"zh": self.text("zh"), "en": self.text("en")}}

    def _words(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, kw_only=True)
class ChangeDatabase(Operation):
    """Label, description, events, value sets, forms: what has no column."""

    kind = "change_database"
    zh = "修改病种库的{part}"
    en = "Change the database's {part}"

    part: str


@dataclass(frozen=True, kw_only=True)
class AddRecordType(Operation):
    kind = "add_record_type"
    stores = True
    zh = "新增记录类型 {record_type}（{fields} 个字段）"
    en = "Add record type {record_type} ({fields} fields)"

    fields: int


@dataclass(frozen=True, kw_only=True)
class RestoreRecordType(Operation):
    """A record type that an earlier release had: its tables are still there."""

    kind = "restore_record_type"
    stores = True
    zh = "恢复记录类型 {record_type}，原有记录随之恢复"
    en = "Bring back record type {record_type} with its records"


@dataclass(frozen=True, kw_only=True)
class DropRecordType(Operation):
    kind = "drop_record_type"
    worst = Safety.DESTRUCTIVE
    zh = "移除记录类型 {record_type}（数据表保留，可恢复）"
    en = "Remove record type {record_type} (its tables are kept and can come back)"


@dataclass(frozen=True, kw_only=True)
class RenameRecordType(Operation):
    kind = "rename_record_type"
    zh = "记录类型 {before} 改名为 {record_type}"
    en = "Rename record type {before} to {record_type}"

    before: str


@dataclass(frozen=True, kw_only=True)
class ChangeRecordType(Operation):
    """A property of a record type other than its code: label, repeats, events."""

    kind = "change_record_type"
    worst = Safety.LOSSY
    zh = "修改记录类型 {record_type} 的{property}"
    en = "Change {property} of record type {record_type}"

    property: str
    before: Any = None
    after: Any = None


@dataclass(frozen=True, kw_only=True)
class SetKey(Operation):
    """Which field identifies a record. `after_id` None: none does any more."""

    kind = "set_key"
    stores = True
    zh = "记录类型 {record_type} 的主键字段由 {before} 改为 {after}"
    en = "Change the key of record type {record_type} from {before} to {after}"

    before_id: str | None = None
    after_id: str | None = None
    before: str = ""
    after: str = ""

    def _words(self) -> dict[str, Any]:
        return asdict(self) | {"before": self.before or "-", "after": self.after or "-"}


@dataclass(frozen=True, kw_only=True)
class ReorderRecordTypes(Operation):
    kind = "reorder_record_types"
    zh = "调整记录类型的顺序"
    en = "Reorder the record types"


@dataclass(frozen=True, kw_only=True)
class ReorderFields(Operation):
    kind = "reorder_fields"
    zh = "调整 {record_type} 的字段顺序"
    en = "Reorder the fields of {record_type}"


@dataclass(frozen=True, kw_only=True)
class AddFields(Operation):
    """New fields, or, as `RestoreFields`, such that an earlier release had."""

    kind = "add_fields"
    stores = True
    zh = "{record_type} 新增 {count} 个字段：{names}"
    en = "Add {count} fields to {record_type}: {names}"

    field_ids: tuple[str, ...]
    fields: tuple[str, ...]

    def _words(self) -> dict[str, Any]:
        names = ", ".join(self.fields[:10]) + (", …" if len(self.fields) > 10 else "")
        return asdict(self) | {"count": len(self.fields), "names": names}


@dataclass(frozen=True, kw_only=True)
class RestoreFields(AddFields):
    kind = "restore_fields"
    zh = "{record_type} 恢复 {count} 个字段及其原有数据：{names}"
    en = "Bring back {count} fields of {record_type} with their values: {names}"


@dataclass(frozen=True, kw_only=True)
class FieldOperation(Operation):
    """A change of one field."""

    field_id: str
    field: str


@dataclass(frozen=True, kw_only=True)
class DropField(FieldOperation):
    kind = "drop_field"
    worst = Safety.DESTRUCTIVE
    zh = "移除字段 {record_type}.{field}（数据保留，可恢复）"
    en = "Remove field {record_type}.{field} (its values are kept and can come back)"


@dataclass(frozen=True, kw_only=True)
class RenameField(FieldOperation):
    kind = "rename_field"
    zh = "字段 {record_type}.{before} 改名为 {field}"
    en = "Rename field {record_type}.{before} to {field}"

    before: str


@dataclass(frozen=True, kw_only=True)
class RelabelField(FieldOperation):
    kind = "relabel_field"
    zh = "修改字段 {record_type}.{field} 的显示文字"
    en = "Change the texts of field {record_type}.{field}"


@dataclass(frozen=True, kw_only=True)
class HideField(FieldOperation):
    kind = "hide_field"
    zh = "隐藏字段 {record_type}.{field}"
    en = "Hide field {record_type}.{field}"


@dataclass(frozen=True, kw_only=True)
class ShowField(FieldOperation):
    kind = "show_field"
    zh = "重新显示字段 {record_type}.{field}"
    en = "Show field {record_type}.{field} again"


@dataclass(frozen=True, kw_only=True)
class ChangeField(FieldOperation):
    """A property of a field that its column does not depend on: required, minimum, choices, checks..."""

    kind = "change_field"
    worst = Safety.LOSSY
    zh = "修改字段 {record_type}.{field} 的{property}"
    en = "Change {property} of field {record_type}.{field}"

    property: str
    before: Any = None
    after: Any = None


@dataclass(frozen=True, kw_only=True)
class ConvertField(FieldOperation):
    """A field's values go into a new column, of another type, unit, set of choices or protection.

    `before` and `after` say in words what it was and what it becomes.
    """

    kind = "convert_field"
    stores = True
    worst = Safety.LOSSY
    zh = "转换字段 {record_type}.{field} 的值：{was_zh} → {becomes_zh}"
    en = "Convert the values of field {record_type}.{field}: {was_en} → {becomes_en}"

    before: Mapping[str, str]
    after: Mapping[str, str]

    def _words(self) -> dict[str, Any]:
        was = {f"was_{language}": text for language, text in self.before.items()}
        return asdict(self) | was | {f"becomes_{language}": text for language, text in self.after.items()}


KINDS: Mapping[str, type[Operation]] = {
    operation.kind: operation
    for operation in (
        ChangeDatabase, AddRecordType, RestoreRecordType, DropRecordType, RenameRecordType,
        ChangeRecordType, SetKey, ReorderRecordTypes, ReorderFields, AddFields, RestoreFields, DropField,
        RenameField, RelabelField, HideField, ShowField, ChangeField, ConvertField,
    )
}  # fmt: skip


def from_json(document: Mapping[str, Any]) -> Operation:
    """The operation that `to_json` gave."""
    values = {key: value for key, value in document.items() if key not in ("kind", "text")}
    for name in ("field_ids", "fields"):
        if isinstance(values.get(name), list):
            values[name] = tuple(values[name])
    return KINDS[document["kind"]](**values | {"safety": Safety(document["safety"])})
