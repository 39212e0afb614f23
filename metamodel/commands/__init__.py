"""The `zhenshu` commands of the metamodel: definitions, records, queries, rules."""

import metamodel.commands.keys  # noqa: F401 -- a further command of the group `keys`
from metamodel.commands.define import define
from metamodel.commands.patients import patients
from metamodel.commands.query import query
from metamodel.commands.records import records
from metamodel.commands.rules import rules

COMMANDS = (define, patients, records, query, rules)

__all__ = ["COMMANDS"]
