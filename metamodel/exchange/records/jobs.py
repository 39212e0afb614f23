"""The kinds of jobs that this room brings."""

from __future__ import annotations

from metamodel.exchange.definition_job import DEFINITION_IMPORT
from metamodel.exchange.records.exporting import run_export
from metamodel.exchange.records.importing import run_import
from metamodel.plans.conversions.purging import PURGING
from metamodel.quality import QUALITY_RUN
from metamodel.records.index_rotation import INDEX_ROTATION
from metamodel.records.recalculation_job import RECALCULATION
from zhenshu.jobs import JobKind

JOBS = (
    DEFINITION_IMPORT,
    JobKind("records.import", {"zh": "导入记录", "en": "Import records"}, run_import),
    JobKind("records.export", {"zh": "导出记录", "en": "Export records"}, run_export),
    PURGING,
    QUALITY_RUN,
    RECALCULATION,
    INDEX_ROTATION,
)
