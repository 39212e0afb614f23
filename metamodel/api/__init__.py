"""The metamodel by REST: definitions, drafts, plans, records, imports and exports."""

from metamodel.api.databases import Databases
from metamodel.api.definitions import Definitions
from metamodel.api.drafts import Drafts
from metamodel.api.imports import Imports
from metamodel.api.plans import Plans
from metamodel.api.records import Records
from metamodel.api.rules import Rules
from metamodel.api.transfers import Transfers

APIS = (Databases, Definitions, Drafts, Imports, Plans, Records, Rules, Transfers)

__all__ = ["APIS"]
