"""Finding the field or the related records that a path means, from the innermost records outward."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from rules_dsl.checking import Checking
from rules_dsl.errors import RepeatedField, UnknownField
from rules_dsl.limits import check_quantifiers
from rules_dsl.nodes import Field
from rules_dsl.typed import Reference
from rules_dsl.types import TypeResolver


@dataclass(frozen=True)
class Scope:
    """The fields that a part of a rule sees: its own records' first, then those around it."""

    types: TypeResolver
    around: Scope | None = None

    def outward(self) -> list[TypeResolver]:
        """The resolvers from the innermost records to the rule's own record."""
        found, scope = [], self
        while True:
            found.append(scope.types)
            if scope.around is None:
                return found
            scope = scope.around


class FieldChecker(Checking[Scope]):
    """The part of the checker that looks up paths."""

    def field(self, node: Field, scope: Scope) -> Reference:
        resolvers = scope.outward()
        for outward, resolver in enumerate(resolvers):
            found = resolver.type(node.path)
            if found is not None:
                return Reference(node.path, outward, type=found)
        if self.repeated(node.path, scope) or any(resolver.related(node.path) for resolver in resolvers):
            raise RepeatedField(
                self.text,
                node.span,
                f"Write max([{node.path}]), count([{node.path}]) or any(records, condition).",
                f"请写成 最大值([{node.path}])、计数([{node.path}]) 或 任一(关联记录, 条件)。",
                path=f"[{node.path}]",
            )
        raise self._unknown_field(node, resolvers)

    def _unknown_field(self, node: Field, resolvers: Sequence[TypeResolver]) -> UnknownField:
        names = [name for resolver in resolvers for name in resolver.names()]
        close = [f"[{name}]" for name in difflib.get_close_matches(node.path, names, n=3)]
        listed = ", ".join(close)
        return UnknownField(
            self.text,
            node.span,
            f"Did you mean {listed}?" if close else "",
            f"是否指 {listed}？" if close else "",
            close,
            path=f"[{node.path}]",
        )

    def repeated(self, path: str, scope: Scope) -> tuple[str, str, int, TypeResolver] | None:
        """How `path` passes through related records: their path, the rest, the scope and its fields."""
        parts = path.split(".")
        for outward, resolver in enumerate(scope.outward()):
            for length in range(len(parts) - 1, 0, -1):
                records, rest = ".".join(parts[:length]), ".".join(parts[length:])
                related = resolver.related(records)
                if related is not None and related.type(rest) is not None:
                    return records, rest, outward, related
        return None

    def records(self, path: str, scope: Scope) -> tuple[int, TypeResolver] | None:
        for outward, resolver in enumerate(scope.outward()):
            related = resolver.related(path)
            if related is not None:
                return outward, related
        return None

    def inner(self, scope: Scope, fields: TypeResolver) -> Scope:
        nested = Scope(fields, scope)
        check_quantifiers(len(nested.outward()) - 1, self.text)
        return nested
