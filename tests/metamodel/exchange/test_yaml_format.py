"""Our own format: nothing is lost, nothing unsafe is read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metamodel.exchange import SourceFile, read_definition, write_definition
from metamodel.exchange.errors import MalformedYaml
from metamodel.exchange.yaml_format import read_yaml, write_yaml
from tests.builders import a_database

texts = st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)
scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts
documents = st.dictionaries(
    texts,
    st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
        max_leaves=12,
    ),
)  # fmt: skip


def yaml(text):
    return SourceFile("a.yaml", text.encode())


@settings(max_examples=300)
@given(documents)
def test_what_is_written_is_read_back_exactly(document):
    assert read_yaml(yaml(write_yaml(document))) == document


def test_a_definition_survives_the_round_trip():
    document = (
        a_database("lung").with_field("smoker", "choice", choices=("1", "no", "2026-03-05", "1_0")).document
    )

    exported = write_definition(document, "yaml")

    assert read_definition([SourceFile("lung.yaml", exported.content)]).document == document


def test_texts_stay_texts():
    read = read_yaml(
        yaml("version: 2026-03-05\ntime: 12:30\nanswer: yes\ncode: 010\noctal: 0o7\nplain: null\n")
    )

    assert read == {
        "version": "2026-03-05",
        "time": "12:30",
        "answer": "yes",
        "code": "010",
        "octal": "0o7",
        "plain": None,
    }


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "twice"),
        ("a: &x [1]\nb: *x\n", 2, "aliases"),
        ("a: 1\nb: !!python/name:os.system\n", 2, "tags"),
        ("a: [1, 2\n", 2, ""),
        ("[1, 2]", 1, "no mapping"),
        ("[" * 100_000, 1, "levels"),
    ],
)
def test_what_is_unsafe_or_wrong_is_refused_with_its_line(text, line, reason):
    with pytest.raises(MalformedYaml) as caught:
        read_yaml(yaml(text))

    assert caught.value.values["line"] == line
    assert reason in caught.value.message("en")


def test_an_alias_bomb_is_refused_before_it_grows():
    levels = "\n".join(f"x{n}: &x{n} [{', '.join(f'*x{n - 1}' for _ in range(9))}]" for n in range(1, 12))

    with pytest.raises(MalformedYaml, match="aliases"):
        read_yaml(yaml("x0: &x0 lol\n" + levels))
