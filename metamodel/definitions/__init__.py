"""Definitions: documents that admins make, with schemas, drafts, edits and releases."""

from metamodel.definitions.drafts import (
    Draft,
    Summary,
    delete_draft,
    list_definitions,
    load_draft,
    save_draft,
)
from metamodel.definitions.editing import edit_draft
from metamodel.definitions.edits import EDITS, EditRefused, Sources, apply_edits, edit_schema
from metamodel.definitions.errors import DraftChanged, KindDiffers, NeedsPlan, NoDraft
from metamodel.definitions.ids import with_ids
from metamodel.definitions.names import LONGEST_CODE, LONGEST_FIELD_CODE, RESERVED_FIELD_CODES
from metamodel.definitions.problems import DefinitionInvalid, Problem, errors_of
from metamodel.definitions.releases import (
    Release,
    document_hash,
    list_releases,
    live_release,
    past_documents,
    publish_plain,
)
from metamodel.definitions.schema import KINDS, database_schema, schema
from metamodel.definitions.validation import validate_document

__all__ = [
    "EDITS",
    "KINDS",
    "LONGEST_CODE",
    "LONGEST_FIELD_CODE",
    "RESERVED_FIELD_CODES",
    "DefinitionInvalid",
    "Draft",
    "DraftChanged",
    "EditRefused",
    "KindDiffers",
    "NeedsPlan",
    "NoDraft",
    "Problem",
    "Release",
    "Sources",
    "Summary",
    "apply_edits",
    "database_schema",
    "delete_draft",
    "document_hash",
    "edit_draft",
    "edit_schema",
    "errors_of",
    "list_definitions",
    "list_releases",
    "live_release",
    "load_draft",
    "past_documents",
    "publish_plain",
    "save_draft",
    "schema",
    "validate_document",
    "with_ids",
]
