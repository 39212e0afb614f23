"""Field types: how each kind of field is stored, read, shown, filtered and described."""

from metamodel.field_types.base import FieldType, JsonSchema, ValueProblem
from metamodel.field_types.registry import ALL, UnknownFieldType, field_type

__all__ = ["ALL", "FieldType", "JsonSchema", "UnknownFieldType", "ValueProblem", "field_type"]
