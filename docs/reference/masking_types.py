"""Makes the reference of masking types: `python docs/reference/masking_types.py > FILE`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from metamodel.masking.methods import METHODS, PROMISES, Example, Method
from metamodel.masking.methods.base import EVERY_KIND, Parameter

HEAD = """\
# Masking types

<!-- Made by `python docs/reference/masking_types.py`; a test notices lag. -->

A masking type is a definition (`kind: masking_type`) that names a method and its parameters:

```yaml
kind: masking_type
code: fake_id_card
label: {zh: 虚构身份证号, en: Invented identity number}
method: id_card
parameters: {style: replace}
example: 11010519491231002X
```

A field names it by its code (`masking: fake_id_card`). What is published holds at once wherever the field
leaves, for those who do not see it in clear; a field that names none, or one that is not published, or one
whose method does not take such values, is covered whole (`＊＊＊`). So is a value that does not look as the
method expects, such as a passport number in a field of identity numbers.

**Keys.** Replacements are derived from a secret of the instance, by a key for each database (HKDF-SHA256,
then HMAC-SHA256; a keyed permutation for patients' codes). The same patient gets the same replacements in one
database; those of two databases can't be told to belong together without the secret, which never leaves the
server. Restoring a backup with other key files changes all of them.

**What masking is not.** It makes single values unreadable. It does not make a table anonymous: no method
claims k-anonymity, and fields that are not masked may still tell who somebody is.

**What stays beside it.** A day and the age on that day tell the year of birth, whatever the birth date
shows; a small place, a rare diagnosis or a day of surgery may tell the rest. Where that counts, mark those
fields identifying, too: all dates of the database with one `date_shift` type, which moves all of a
patient's dates by the same number of days and so keeps intervals, and ages with an `age_band`. Identifying
fields are encrypted: filters find them by `=`, `in` and `contains`, never by a range or an order, for
whomever. So mark them before a database fills, and leave in clear what its cohorts are made by. A
calculated field is judged by itself: an age calculated from a masked birth date is shown unless it is
identifying as well. See [what links a person](../decisions/0015-what-links-a-person.md).

In the examples the value is one of patient 1 in a scope named `example`.

"""


def page() -> str:
    """The page as Markdown."""
    return HEAD + "\n".join("\n".join(_section(method)) + "\n" for method in METHODS.values())


def _section(method: Method) -> Iterator[str]:
    yield f"## `{method.name}` {method.zh} · {method.en}\n"
    yield f"{method.does_en} {method.does_zh}\n"
    kinds = "every type" if method.kinds == EVERY_KIND else ", ".join(method.kinds)
    yield f"- Fields: {kinds}."
    if method.promises:
        yield f"- Promises: {'; '.join(PROMISES[name][1].lower() for name in method.promises)}."
    yield f"- Does not protect: {method.leaves_en} {method.leaves_zh}\n"
    if method.parameters:
        yield "| parameter | meaning | values | default |\n| --- | --- | --- | --- |"
        yield "\n".join(_parameter(each) for each in method.parameters) + "\n"
    yield "| value | shown | parameters |\n| --- | --- | --- |"
    yield "\n".join(_example(each) for each in method.examples)


def _parameter(parameter: Parameter) -> str:
    default = parameter.default
    if isinstance(default, bool):
        values = "true, false"
    elif isinstance(default, int):
        values = f"{parameter.minimum} to {parameter.maximum}"
    else:
        values = ", ".join(f"`{code}`" for code in parameter.choices) or f"`{parameter.pattern}`"
    said = str(default).lower() if isinstance(default, bool) else default
    only = "" if parameter.when is None else f"; counts with `{parameter.when[0]}: {parameter.when[1]}`"
    return f"| `{parameter.name}` | {parameter.en} {parameter.zh}{only} | {values} | `{said}` |"


def _example(example: Example) -> str:
    given = ", ".join(f"{name}: {value}" for name, value in example.parameters.items())
    return f"| {_text(example.value)} | {_text(example.gives)} | {given} |"


def _text(value: Any) -> str:
    return f"`{value.isoformat() if isinstance(value, date) else value}`"


if __name__ == "__main__":
    print(page(), end="")
