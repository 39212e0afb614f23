"""Field visibility in one place: pages, streams, single records and revisions all pass through here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from metamodel.catalogue.model import Field, RecordType
from metamodel.masking.text import MASK, Mask, Masked
from metamodel.masking.types import Masks, cover
from zhenshu.errors import NotFound
from zhenshu.security.policy import Scope, Visibility


@dataclass(frozen=True)
class View:
    """How one scope sees one record type: fields in clear, masked ones, and none of the hidden."""

    visible: tuple[Field, ...]  # shown or masked, in the type's order
    masked: frozenset[str]  # codes
    hidden: frozenset[str]  # codes
    masks: Mapping[str, Mask] = field(default_factory=dict, compare=False, repr=False)  # by code

    def clear(self, code: str) -> bool:
        return code not in self.masked and code not in self.hidden

    @property
    def identifies(self) -> tuple[str, ...]:
        """Codes of identifying fields seen in clear."""
        return tuple(
            field.code for field in self.visible if field.identifying and field.code not in self.masked
        )


def view_of(scope: Scope, record_type: RecordType, masks: Masks, select: Iterable[str] | None = None) -> View:
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
    made = masks.of(record_type.database, (item for item in record_type.fields if item.code in masked))
    return View(tuple(item for item in wanted if item.code not in hidden), masked, hidden, made)


def _refuse_hidden(wanted: Iterable[Field], hidden: frozenset[str]) -> None:
    for item in wanted:
        if item.code in hidden:
            raise NotFound(kind="field", kind_zh="字段", name=item.code)


def shown(view: View, code: str, value: Any, person: int | None) -> Any:
    """`value` of the patient `person` as the view shows it: itself or masked; a missing one stays None."""
    return value if value is None or code not in view.masked else mask_of(view, code)(value, person)


def mask_of(view: View, code: str) -> Mask:
    """What a masked field's values go through, for those who show many of them."""
    return view.masks.get(code, cover)


def apply(view: View, values: Mapping[str, Any], person: int | None) -> dict[str, Any]:
    """Values of the patient `person` by code as the view shows them; hidden ones are absent."""
    return {
        code: shown(view, code, value, person) for code, value in values.items() if code not in view.hidden
    }


def to_json(view: View, item: Field) -> Callable[[Any, int | None], Any]:
    """A function from a field's JSON value, as revisions hold it, to what the view shows, in JSON.

    A value of an older definition, which the field can't read any more, is covered whole where it is masked.
    """
    code = item.code
    if code not in view.masked:
        return lambda value, person: value
    read, write = item.type.reader(item), item.type.to_json(item)

    def masked(value: Any, person: int | None) -> Any:
        if value is None:
            return None
        try:
            made = shown(view, code, read(value), person)
        except ValueError:
            return MASK
        return made if made is None or isinstance(made, Masked) else write(made)

    return masked
