"""Where a filter's paths lie in SQL: own columns, ancestors by join, other records by subquery."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Float, FromClause, Text, and_, case, func, null, select, type_coerce
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION

from metamodel.catalogue import Field, Keyed, RecordType, positions
from metamodel.catalogue.reach import Reached, ReachTypes, Where
from metamodel.queries.errors import QueryNotAllowed
from metamodel.queries.protected import ProtectedLookup, ProtectedThrough
from metamodel.records.session import Session
from metamodel.records.system import patient_column
from metamodel.storage.layout import ACTIVE
from rules_dsl import RuleType
from rules_dsl.sql import SqlColumn, SqlRelated
from zhenshu.security.policy import Action, Visibility


def require_clear(session: Session, record_type: RecordType, item: Field) -> None:
    """
    Raises:
        QueryNotAllowed: when the subject does not see the field in clear.
        Denied: when the subject may not view the record type at all.
    """
    scope = session.access.scope(Action.VIEW, record_type)
    if scope.visibility(item.field_class) is not Visibility.SHOW:
        raise QueryNotAllowed(field=item.code)


def sql_column(
    session: Session, record_type: RecordType, item: Field, table: FromClause, main: FromClause
) -> SqlColumn:
    """A field's column of `table`, which is its part or an alias of it, as `main` is of the main table.

    Raises:
        NotFound: when no list of a keyed type's names has the field.
    """
    if record_type.storage == "keyed":
        number = _array_item(session, record_type, item.code, table)
        return SqlColumn(number, RuleType.NUMBER, reason=null())
    name = record_type.column(item.code).name
    scale = int(item.type.column_options(item).get("scale", 0))
    reason = _reason(session, record_type, item, main)
    tests = None
    if item.protected:
        tests = ProtectedLookup(session, record_type, item, table.c[name], main.c.id)
    return SqlColumn(table.c[name], item.type.rule_type_of(item), scale, reason, tests)


def _reason(session: Session, record_type: RecordType, item: Field, main: FromClause) -> ColumnElement[Any]:
    """The code that says why the field has no value; a room's own table keeps none."""
    if record_type.storage == "mapped":
        return null()
    if session.uow.sqlite:
        return func.json_extract(main.c.missing, f'$."{item.id}"', type_=Text())
    return func.jsonb_extract_path_text(main.c.missing, item.id, type_=Text())


def _array_item(
    session: Session, record_type: RecordType, name: str, table: FromClause
) -> ColumnElement[Any]:
    """The number called `name` in each array: its place depends on the version of the list of names."""
    places = positions(session.uow, Keyed(record_type, name))
    return case(
        *((table.c.names_id == names_id, _at(session, table, place)) for names_id, place in places.items()),
        else_=null(),
    )


def _at(session: Session, table: FromClause, place: int) -> ColumnElement[Any]:
    if session.uow.sqlite:
        return func.json_extract(table.c["values"], f"$[{place}]", type_=Float())
    numbers = type_coerce(table.c["values"], ARRAY(DOUBLE_PRECISION))
    return numbers[place + 1]  # PostgreSQL counts from 1


class MainColumns:
    """The `rules_dsl` SQL resolver of a query. It notes the parts and ancestors its columns need."""

    def __init__(self, session: Session, types: ReachTypes) -> None:
        self._session = session
        self._types = types
        self._type = types.surroundings.type
        self.parts: set[int] = set()
        self._above: dict[tuple[str, int], FromClause] = {}  # (ancestor's code, part)

    def column(self, path: str) -> SqlColumn:
        hit = self._reached(path)
        require_clear(self._session, hit.type, hit.field)
        part = _part(hit.field)
        if hit.where is Where.OWN:
            self.parts.add(part)
            return sql_column(self._session, hit.type, hit.field, hit.type.tables[part], hit.type.main)
        if hit.where is Where.ANCESTOR:
            table, main = self._ancestor(hit.type, part), self._ancestor(hit.type, 0)
            return sql_column(self._session, hit.type, hit.field, table, main)
        return self._only(hit)

    def related(self, path: str) -> SqlRelated:
        inner = self._types.related(path)
        assert inner is not None, path
        others = OtherRecords(self._session, inner)
        return SqlRelated(others.source, others.of_same_root(self._type), others)

    def source(self) -> FromClause:
        """The main table with all joined that the columns need."""
        main = self._type.main
        source: FromClause = main
        for part in sorted(self.parts - {0}):
            source = source.join(self._type.tables[part], self._type.tables[part].c.id == main.c.id)
        return self._join_ancestors(source)

    def _reached(self, path: str) -> Reached:
        hit = self._types.surroundings.reach(path)
        assert hit is not None, path
        return hit

    def _ancestor(self, ancestor: RecordType, part: int) -> FromClause:
        if self._type.storage == "mapped":
            raise QueryNotAllowed(field=ancestor.code)
        return self._above.setdefault((ancestor.code, part), ancestor.tables[part].alias())

    def _join_ancestors(self, source: FromClause) -> FromClause:
        """Ancestors outside the subject's rows are joined as missing, not as a reason to drop a record."""
        wanted = {code for code, _ in self._above}
        child: FromClause = self._type.main
        for ancestor in self._types.surroundings.ancestors():
            if not wanted:
                break
            wanted.discard(ancestor.code)
            main = self._ancestor(ancestor, 0)
            rule = self._session.access.row_rule(ancestor)
            on = main.c.id == child.c.parent
            source = source.outerjoin(main, on if rule is None else and_(on, rule(main)))
            for (code, part), table in self._above.items():
                if code == ancestor.code and part > 0:
                    source = source.outerjoin(table, table.c.id == main.c.id)
            child = main
        return source

    def _only(self, hit: Reached) -> SqlColumn:
        """The field of the only record of another type under the same root; missing where there are more."""
        inside = self._types.surroundings.inside(hit.type)
        types = ReachTypes(inside)
        types.type(hit.field.code)
        one, all_of_them = OtherRecords(self._session, types), OtherRecords(self._session, ReachTypes(inside))
        count = select(func.count()).select_from(all_of_them.source)
        count = count.where(all_of_them.of_same_root(self._type)).correlate(self._type.main)
        found = one.column(hit.field.code)

        def only(element: ColumnElement[Any]) -> ColumnElement[Any]:
            query = select(element).select_from(one.source)
            query = query.where(one.of_same_root(self._type), count.scalar_subquery() == 1)
            return query.correlate(self._type.main).scalar_subquery()

        reason = None if found.reason is None else only(found.reason)
        tests = None if found.protected is None else ProtectedThrough(found.protected, only)
        return SqlColumn(only(found.element), found.type, found.scale, reason, tests)


class OtherRecords:
    """The records that a quantifier ranges over as a source of its own, for subqueries.

    A resolver of their fields, of their ancestors' and of what lies below them, as far as the rules that
    were checked over `types` asked for it.
    """

    def __init__(self, session: Session, types: ReachTypes, outer: FromClause | None = None) -> None:
        """All of them under a root, or those below a row of `outer`."""
        self._session = session
        self._types = types
        self._outer = outer
        self._type = types.surroundings.type
        self._main: FromClause = self._type.main.alias()
        self._tables = {(self._type.code, 0): self._main}  # by record type and part
        for hit in types.reached.values():
            self._table(hit.type, _part(hit.field))

    @property
    def main(self) -> FromClause:
        """The alias of the main table."""
        return self._main

    @property
    def source(self) -> FromClause:
        """The main table with all joined that the columns and the way to the outer row need."""
        source = self._with_parts(self._main, self._type)
        child = self._main
        for ancestor in self._climbed():
            main = self._table(ancestor, 0)
            source = source.join(main, main.c.id == child.c.parent, isouter=self._outer is None)
            source = self._with_parts(source, ancestor)
            child = main
        return source

    def of_same_root(self, outer: RecordType) -> ColumnElement[bool]:
        """Ties the records to an outer row: all records of one root carry its patient."""
        mine, theirs = patient_column(self._type, self._main), patient_column(outer, outer.main)
        if mine is None or theirs is None:
            raise QueryNotAllowed(field=self._type.code)
        return and_(mine == theirs, *self._permitted())

    def of_outer_row(self) -> ColumnElement[bool]:
        """Ties the records to the outer row that they lie below."""
        assert self._outer is not None
        above = self._types.surroundings.ancestors()
        topmost = self._table(above[-1], 0) if above else self._main
        return and_(topmost.c.parent == self._outer.c.id, *self._permitted())

    def column(self, path: str) -> SqlColumn:
        hit = self._types.reached[path]
        require_clear(self._session, hit.type, hit.field)
        table, main = self._table(hit.type, _part(hit.field)), self._table(hit.type, 0)
        found = sql_column(self._session, hit.type, hit.field, table, main)
        return found if hit.where is Where.OWN else self._where_seen(hit.type, found)

    def related(self, path: str) -> SqlRelated:
        inner = self._types.related(path)
        assert inner is not None, path
        others = OtherRecords(self._session, inner, self._main)
        return SqlRelated(others.source, others.of_outer_row(), others)

    def _permitted(self) -> Iterator[ColumnElement[bool]]:
        if self._type.storage != "mapped":
            yield self._main.c.status == ACTIVE
        if (rule := self._session.access.row_rule(self._type)) is not None:
            yield rule(self._main)

    def _where_seen(self, ancestor: RecordType, found: SqlColumn) -> SqlColumn:
        """The ancestor's field where the subject may see it and what leads there, else missing."""
        rules = []
        for each in self._types.surroundings.ancestors():
            if (rule := self._session.access.row_rule(each)) is not None:
                rules.append(rule(self._table(each, 0)))
            if each.code == ancestor.code:
                break
        if not rules:
            return found
        seen = and_(*rules)

        def where_seen(element: ColumnElement[Any]) -> ColumnElement[Any]:
            return case((seen, element), else_=null())

        reason = None if found.reason is None else where_seen(found.reason)
        tests = None if found.protected is None else ProtectedThrough(found.protected, where_seen)
        return replace(found, element=where_seen(found.element), reason=reason, protected=tests)

    def _climbed(self) -> Sequence[RecordType]:
        """The ancestors that must be joined, nearest first: up to the outer row, or to the last one read."""
        above = self._types.surroundings.ancestors()
        if self._outer is not None:
            return above
        read = {hit.type.code for hit in self._types.reached.values()}
        last = max((n for n, item in enumerate(above, 1) if item.code in read), default=0)
        return above[:last]

    def _table(self, record_type: RecordType, part: int) -> FromClause:
        key = (record_type.code, part)
        if key not in self._tables:
            self._tables[key] = record_type.tables[part].alias()
        return self._tables[key]

    def _with_parts(self, source: FromClause, record_type: RecordType) -> FromClause:
        main = self._table(record_type, 0)
        for (code, part), table in self._tables.items():
            if code == record_type.code and part > 0:
                source = source.join(table, table.c.id == main.c.id, isouter=main is not self._main)
        return source


def _part(item: Field) -> int:
    return 0 if item.place is None else item.place.part
