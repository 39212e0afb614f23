"""Physical storage of record types: layout of tables, their columns, and the check against metadata."""

from metamodel.storage.layout import (
    FIELDS_PER_PART,
    KEYED_COLUMNS,
    SYSTEM_COLUMNS,
    build_keyed_table,
    build_table,
    key_index,
    table_name,
)
from metamodel.storage.record_ids import next_record_ids

__all__ = [
    "FIELDS_PER_PART",
    "KEYED_COLUMNS",
    "SYSTEM_COLUMNS",
    "build_keyed_table",
    "build_table",
    "key_index",
    "next_record_ids",
    "table_name",
]
