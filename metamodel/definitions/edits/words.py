"""What each edit does, as people say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

ACTS: Final[Mapping[str, tuple[str, str]]] = {
    "set_database": ("修改病种库", "change the database"),
    "add_field": ("新增字段", "add a field"),
    "duplicate_field": ("复制字段", "copy a field"),
    "rename_field": ("修改字段编码", "change a field's code"),
    "set_field": ("修改字段", "change a field"),
    "move_field": ("移动字段", "move a field"),
    "hide_field": ("隐藏字段", "hide a field"),
    "restore_field": ("恢复字段", "bring a field back"),
    "remove_field": ("移除字段", "remove a field"),
    "add_record_type": ("新增记录类型", "add a record type"),
    "rename_record_type": ("修改记录类型编码", "change a record type's code"),
    "set_record_type": ("修改记录类型", "change a record type"),
    "move_record_type": ("移动记录类型", "move a record type"),
    "remove_record_type": ("移除记录类型", "remove a record type"),
    "add_value_set": ("新增值域", "add a value set"),
    "set_value_set": ("修改值域", "change a value set"),
    "rename_value_set": ("修改值域编码", "change a value set's code"),
    "remove_value_set": ("移除值域", "remove a value set"),
    "add_choice": ("新增选项", "add a choice"),
    "set_choice": ("修改选项", "change a choice"),
    "move_choice": ("移动选项", "move a choice"),
    "merge_choices": ("合并选项", "merge choices"),
    "remove_choice": ("移除选项", "remove a choice"),
    "pick_from_library": ("从字段库选取字段", "pick fields from a library"),
    "add_form": ("新增表单", "add a form"),
    "set_form": ("修改表单", "change a form"),
    "rename_form": ("修改表单编码", "change a form's code"),
    "move_form": ("移动表单", "move a form"),
    "remove_form": ("移除表单", "remove a form"),
    "set_form_items": ("修改表单内容", "change what a form shows"),
    "add_event": ("新增访视", "add an event"),
    "set_event": ("修改访视", "change an event"),
    "move_event": ("移动访视", "move an event"),
    "remove_event": ("移除访视", "remove an event"),
}
_UNKNOWN: Final = ("进行这项编辑", "make this edit")


def act_words(edit: str) -> tuple[str, str]:
    """In Chinese and English, as they follow 无法 and "Can't"."""
    return ACTS.get(edit, _UNKNOWN)
