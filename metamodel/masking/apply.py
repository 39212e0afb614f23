"""Field visibility in one place: pages, streams, single records and revisions all pass through here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from metamodel.catalogue.model import Field, RecordType
from zhenshu.errors import NotFound
from zhenshu.security.policy import Scope, Visibility

MASK: Final = "＊＊＊"


@dataclass(frozen=True)
class View:
    """How one scope sees one record type: fields in clear, masked ones, and none of the hidden."""

    visible: tuple[Field, ...]  # shown or masked, in the type's order
    masked: frozenset[str]  # codes
    hidden: frozenset[str]  # codes

    def clear(self, code: str) -> bool:
        return code not in self.masked and code not in self.hidden

    @property
    def identifies(self) -> tuple[str, ...]:
        """Codes of identifying fields seen in clear."""
        return tuple(
            field.code for field in self.visible if field.identifying and field.code not in self.masked
        )


def view_of(scope: Scope, record_type: RecordType, select: Iterable[str] | None = None) -> View:
    """What `scope` shows of `record_type`, or of the fields `select` names.

    Raises:
        NotFound: when `select` names a field that is not there, or that the scope hides.
    """
    wanted = record_type.fields if select is None else tuple(map(record_type.field, select))
    seen = {item.code: scope.visibility(item.field_class) for item in record_type.fields}
    hidden = frozenset(code for code, visibility in seen.items() if visibility is Visibility.HIDE)
    masked = frozenset(code for code, visibility in seen.items() if visibility is Visibility.MASK)
    if select is not None:
        _refuse_hidden(wanted, hidden)
    return View(tuple(item for item in wanted if item.code not in hidden), masked, hidden)


def _refuse_hidden(wanted: Iterable[Field], hidden: frozenset[str]) -> None:
    for item in wanted:
        if item.code in hidden:
            raise NotFound(kind="field", kind_zh="字段", name=item.code)


def shown(view: View, code: str, value: Any) -> Any:
    """`value` as the view shows it: itself or the mask; a missing value stays None."""
    return MASK if value is not None and code in view.masked else value


def apply(view: View, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values by code as the view shows them; hidden ones are absent."""
    return {code: shown(view, code, value) for code, value in values.items() if code not in view.hidden}
