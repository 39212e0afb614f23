"""The metamodel by REST: definitions, drafts, plans, records, imports and exports."""

from metamodel.api.access_emergencies import AccessEmergencies
from metamodel.api.access_matrix import AccessMatrix
from metamodel.api.access_requests import AccessRequests
from metamodel.api.access_resources import AccessResources
from metamodel.api.cohorts import Cohorts
from metamodel.api.conversions import Conversions
from metamodel.api.databases import Databases
from metamodel.api.definitions import Definitions
from metamodel.api.drafts import Drafts
from metamodel.api.filters import Filters
from metamodel.api.grades import Grades
from metamodel.api.grants import Grants
from metamodel.api.imports import Imports
from metamodel.api.masking import Masking
from metamodel.api.me import Me
from metamodel.api.patients import Patients
from metamodel.api.plans import Plans
from metamodel.api.quality import Quality
from metamodel.api.recalculations import Recalculations
from metamodel.api.record_files import RecordFiles
from metamodel.api.records import Records
from metamodel.api.releases import Releases
from metamodel.api.rules import Rules
from metamodel.api.search import Search
from metamodel.api.transfers import Transfers

APIS = (
    AccessEmergencies,
    AccessMatrix,
    AccessRequests,
    AccessResources,
    Cohorts,
    Conversions,
    Databases,
    Definitions,
    Drafts,
    Filters,
    Grades,
    Grants,
    Imports,
    Masking,
    Me,
    Patients,
    Plans,
    Quality,
    Recalculations,
    RecordFiles,
    Records,
    Releases,
    Rules,
    Search,
    Transfers,
)

__all__ = ["APIS"]
