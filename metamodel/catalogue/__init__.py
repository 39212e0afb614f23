"""The catalogue: the compiled, immutable view of all live releases, pinned per transaction."""

from metamodel.catalogue.compile import compile_database, compile_field, compile_value_set
from metamodel.catalogue.contribution import Contribution, ContributionClash, core_document
from metamodel.catalogue.keyed import positions
from metamodel.catalogue.live import catalogue_of
from metamodel.catalogue.model import (
    Catalogue,
    Choice,
    ColumnPlace,
    Database,
    Field,
    FieldCheck,
    FieldColumn,
    Join,
    Keyed,
    Label,
    RecordType,
    ValueSet,
)

__all__ = [
    "Catalogue",
    "Choice",
    "ColumnPlace",
    "Contribution",
    "ContributionClash",
    "Database",
    "Field",
    "FieldCheck",
    "FieldColumn",
    "Join",
    "Keyed",
    "Label",
    "RecordType",
    "ValueSet",
    "catalogue_of",
    "compile_database",
    "compile_field",
    "compile_value_set",
    "core_document",
    "positions",
]
