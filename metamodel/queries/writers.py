"""What the rule that somebody writes may name: a field hidden from them is not there, a masked one can't be
compared."""

from __future__ import annotations

from collections.abc import Mapping

from metamodel.catalogue import Database, Field, RecordType
from metamodel.catalogue.reach import ReachTypes, Surroundings
from metamodel.definitions.mentions import Mention, mentions
from rules_dsl import MaskedField, RuleType, Tree, UnknownField, check
from zhenshu.security import Scope, Visibility


class WriterFields:
    """The fields around a record type as a writer sees them, by their `scopes` of its database's types.

    Whoever has no scope of the type itself asks as its designer, who knows of all there is.
    """

    def __init__(self, database: Database, record_type: RecordType, scopes: Mapping[str, Scope]) -> None:
        self._database = database
        self._type = record_type
        self._scopes = scopes
        self._designs = record_type.code not in scopes

    def check(self, tree: Tree) -> RuleType:
        """What the rule gives.

        Raises:
            RuleError: when it does not fit the fields, or names one that the writer sees masked.
        """
        found = self.check_known(tree)
        if not self._designs:
            for mention in mentions(tree, self._type, self._database):
                self._require_clear(tree, mention)
        return found

    def check_known(self, tree: Tree) -> RuleType:
        """The same for a rule that may name what is masked.

        Raises:
            RuleError: when it does not fit the fields.
        """
        return check(tree, ReachTypes(self._surroundings()))

    def _surroundings(self) -> Surroundings:
        if self._designs:
            return Surroundings(self._type, self._database)
        return Surroundings(self._type, self._database, lambda each: each.code in self._scopes, self._knows)

    def _knows(self, record_type: RecordType, field: Field) -> bool:
        return self._visibility(record_type, field) is not Visibility.HIDE

    def _visibility(self, record_type: RecordType, field: Field) -> Visibility:
        scope = self._scopes.get(record_type.code)
        return Visibility.HIDE if scope is None else scope.visibility(field.field_class)

    def _require_clear(self, tree: Tree, mention: Mention) -> None:
        if mention.reached is None:
            return
        visibility = self._visibility(mention.reached.type, mention.reached.field)
        if visibility is Visibility.SHOW:
            return
        wrong = UnknownField if visibility is Visibility.HIDE else MaskedField
        raise wrong(tree.text, mention.span, path=f"[{mention.path}]")
