"""The list of field types. Adding one is a file of its own and a line here."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from metamodel.field_types.base import FieldType
from metamodel.field_types.boolean import BooleanField
from metamodel.field_types.calculated import CalculatedField
from metamodel.field_types.choice import ChoiceField
from metamodel.field_types.date import DateField
from metamodel.field_types.datetime import DateTimeField
from metamodel.field_types.decimal import DecimalField
from metamodel.field_types.float import FloatField
from metamodel.field_types.integer import IntegerField
from metamodel.field_types.long_text import LongTextField
from metamodel.field_types.multi_choice import MultiChoiceField
from metamodel.field_types.string import StringField
from metamodel.field_types.time import TimeField
from zhenshu.errors import ZhenshuError

ALL: Final[tuple[FieldType, ...]] = (
    StringField(),
    LongTextField(),
    IntegerField(),
    DecimalField(),
    FloatField(),
    BooleanField(),
    DateField(),
    DateTimeField(),
    TimeField(),
    ChoiceField(),
    MultiChoiceField(),
    CalculatedField(),
)

BY_NAME: Final = {item.name: item for item in ALL}


class UnknownFieldType(ZhenshuError):
    """There is no field type {name}.{suggestion} Nothing was changed."""

    status = 422
    zh = "没有名为 {name} 的字段类型。{suggestion_zh}未作任何修改。"


def field_type(name: str) -> FieldType:
    """
    Raises:
        UnknownFieldType: when no type has this name.
    """
    try:
        return BY_NAME[name]
    except KeyError:
        near = next(iter(get_close_matches(name, BY_NAME, 1)), "")
    raise UnknownFieldType(
        name=name,
        suggestion=f" Did you mean {near}?" if near else "",
        suggestion_zh=f"是否想写 {near}？" if near else "",
    )
