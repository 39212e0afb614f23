"""Protected columns: a value is kept encrypted under its patient's key, and found by keyed hashes of it.

Column `c{id}` holds the ciphertext, bound to its column and record: one that was moved does not open. `b{id}`
is the blind index, a keyed hash of the normalised text: equal values can be found, not read. `g{id}` holds
hashes of the pairs of characters in a text, so that a part of it can be looked for.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

import orjson

from metamodel.catalogue.model import Field
from metamodel.field_types.base import ValueProblem
from metamodel.storage.layout import blind_name, pairs_name
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.patients import PatientForgotten, load_keys
from zhenshu.security.secrets import Secrets, seal, unseal

BLIND_BYTES: Final = 16
PAIR_BYTES: Final = 4
MOST_PAIRS: Final = 512  # of one text; a longer one is a candidate for every part
_LONG: Final = b""

Row = list[Any]


def normalised(text: str) -> str:
    """What two texts have in common that count as one: width, case and outer blanks play no part."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _folded(text: str) -> str:
    # Each character by itself, so that the form of a part is a part of the form of the whole.
    return "".join(unicodedata.normalize("NFKC", char).casefold() for char in text)


def pairs_of(text: str) -> set[str]:
    """Every two characters that stand side by side."""
    folded = _folded(text)
    return {folded[start : start + 2] for start in range(len(folded) - 1)}


def indexed_text(value: Any) -> str:
    """The text of a value that its blind index is made of; equal values have one."""
    match value:
        case str():
            return normalised(value)
        case bool():
            return "true" if value else "false"
        case int() | Decimal() | float():
            number = Decimal(str(value)).normalize()
            return format(number, "f") if number else "0"
        case datetime() | date() | time():
            return value.isoformat()
        case _:
            return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


class BlindIndex:
    """The keyed hashes of one protected column.

    `versions` are those of the index key: new hashes are of the first; stored ones may be of any.
    """

    def __init__(self, secrets: Secrets, column: str, versions: Sequence[int] = (1,)) -> None:
        self._keys = [secrets.derived("blind index", column, version) for version in versions]

    def of(self, value: Any) -> bytes:
        return _hash(self._keys[0], "=", indexed_text(value), BLIND_BYTES)

    def all_of(self, value: Any) -> list[bytes]:
        """What may stand in the column for `value`."""
        text = indexed_text(value)
        return [_hash(key, "=", text, BLIND_BYTES) for key in self._keys]

    def pairs(self, value: Any) -> bytes | None:
        """The pairs of a text, in the order of their hashes, which tells nothing; None for other values."""
        if not isinstance(value, str):
            return None
        found = pairs_of(value)
        if len(found) > MOST_PAIRS:
            return _LONG
        return b"".join(sorted(_pair(self._keys[0], item) for item in found)) or b"\0"

    def pairs_in(self, part: str) -> list[list[bytes]]:
        """The pairs that a text with `part` in it has, for each version of the key."""
        found = sorted(pairs_of(part))
        return [[_pair(key, item) for item in found] for key in self._keys]


def _pair(key: bytes, pair: str) -> bytes:
    return _hash(key, "pair", pair, PAIR_BYTES)


def _hash(key: bytes, use: str, text: str, size: int) -> bytes:
    return hmac.digest(key, f"{use}\0{text}".encode(), "sha256")[:size]


def blind_index(uow: UnitOfWork, column: str) -> BlindIndex:
    """The index of column `c{id}`, made at its first use in this process."""
    memo: dict[Any, BlindIndex] = uow.instance.memo.setdefault("storage.blind", {})
    name = (column, uow.index_versions)
    if (found := memo.get(name)) is None:
        found = memo[name] = BlindIndex(uow.instance.secrets, column, uow.index_versions)
    return found


def context_of(column: str, record_id: int) -> bytes:
    """What binds a ciphertext to its place."""
    return f"{column}:{record_id}".encode()


def seal_value(
    uow: UnitOfWork, item: Field, record_id: int, patient: int | None, key: bytes | None, value: Any
) -> tuple[bytes | None, bytes | None, bytes | None]:
    """What the three columns of a protected field hold of `value`.

    Raises:
        PatientForgotten: when there is a value but no key.
    """
    if value is None:
        return None, None, None
    if key is None:
        raise PatientForgotten(patient=patient)
    assert item.place is not None
    column, index = item.place.name, blind_index(uow, item.place.name)
    plain = orjson.dumps(item.type.to_json(item)(value))
    return seal(key, plain, context_of(column, record_id)), index.of(value), index.pairs(value)


def protected_columns(
    uow: UnitOfWork, item: Field, record_id: int, patient: int | None, key: bytes | None, value: Any
) -> dict[str, Any]:
    """The same by column name, for an update."""
    assert item.place is not None
    name = item.place.name
    sealed = seal_value(uow, item, record_id, patient, key, value)
    return dict(zip((name, blind_name(name), pairs_name(name)), sealed, strict=True))


class Opener:
    """Opens the protected values in rows of one shape.

    `places` are the positions of protected values with their fields; `id_at` and `patient_at` those of the
    record's id and patient.
    """

    def __init__(self, places: Mapping[int, Field], id_at: int, patient_at: int) -> None:
        self._id_at = id_at
        self._patient_at = patient_at
        self._places = [(at, item.place.name, value_back(item)) for at, item in places.items() if item.place]

    def __bool__(self) -> bool:
        return bool(self._places)

    def open(self, uow: UnitOfWork, rows: Sequence[Row]) -> None:
        """Put values in place of ciphertext; of a patient who was forgotten there is none.

        Raises:
            NotDecryptable: for a ciphertext of another record or column, or an altered one.
        """
        if not self._places:
            return
        owners = {
            row[self._patient_at]
            for row in rows
            if row[self._patient_at] is not None and any(row[at] is not None for at, _, _ in self._places)
        }
        if not owners:
            return
        keys = load_keys(uow, owners)
        for row in rows:
            key, record_id = keys.get(row[self._patient_at]), row[self._id_at]
            for at, column, back in self._places:
                sealed = row[at]
                if sealed is not None:
                    row[at] = None if key is None else back(_opened(key, sealed, column, record_id))


def open_value(key: bytes, item: Field, record_id: int, sealed: bytes) -> Any:
    """The value of one ciphertext.

    Raises:
        NotDecryptable: see `Opener.open`.
    """
    assert item.place is not None
    return value_back(item)(_opened(key, sealed, item.place.name, record_id))


def _opened(key: bytes, sealed: bytes, column: str, record_id: int) -> Any:
    return orjson.loads(unseal(key, bytes(sealed), context_of(column, record_id)))


def value_back(item: Field) -> Callable[[Any], Any]:
    """From a stored JSON value to the Python value; one that the field can't read any more stays."""
    read = item.type.reader(item)

    def back(value: Any) -> Any:
        try:
            return read(value)
        except ValueProblem:
            return value

    return back


def protected_of(fields: Iterable[Field]) -> list[Field]:
    return [item for item in fields if item.protected]
