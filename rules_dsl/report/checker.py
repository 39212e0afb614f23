"""Statements -> a checked package: every option, name and pattern is right, or an error points at it."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from rules_dsl.checker import check
from rules_dsl.errors import Language, PatternRefused, RuleError, line_and_column
from rules_dsl.patterns import read_pattern
from rules_dsl.reading import parse
from rules_dsl.report.classify import types_of
from rules_dsl.report.errors import (
    BadPattern,
    CircularUse,
    ItemsMissing,
    PackageError,
    TwoMeanings,
    UnknownOption,
    UnknownPackage,
    UnknownTerm,
    UnknownWord,
)
from rules_dsl.report.finder import Finder
from rules_dsl.report.folding import fold
from rules_dsl.report.model import (
    ClassifyCase,
    Direction,
    EnumValue,
    Grade,
    HistologyClass,
    Modifier,
    NumberField,
    Package,
    PackageTest,
    Site,
    Term,
)
from rules_dsl.report.syntax import Statement, Written, read
from rules_dsl.report.words import DIRECTIONS, HEADS, KINDS, OPTIONS, SHAPES, STATES, Word, canonical
from rules_dsl.tree import Tree
from rules_dsl.types import RuleType

FindPackage = Callable[[str], str]
_TEST_FAMILIES: Final = (
    "presence", "count", "max_mm", "side", "site", "density", "grade", "change", "num", "hist", "tnm", "enum",
)  # fmt: skip


def no_package(code: str) -> str:
    """The finder of a text that stands alone.

    Raises:
        KeyError: always.
    """
    raise KeyError(code)


def check_package(text: str, find: FindPackage = no_package) -> Package:
    """The package that `text` writes, with those it uses merged in; `find` gives the text of one by its code.

    Raises:
        RuleError: at the first place that is wrong.
    """
    return _checked(text, find, ())


def _checked(text: str, find: FindPackage, above: tuple[str, ...]) -> Package:
    statements = read(text)
    package = Package("", "", "0", hashlib.sha256(text.encode()).hexdigest())
    checker = _Checker(text, package, find, above)
    for statement in statements:
        checker.add(statement)
    checker.finish(statements)
    return package


class _Checker:
    def __init__(self, text: str, package: Package, find: FindPackage, above: tuple[str, ...]) -> None:
        self._text, self._package, self._find, self._above = text, package, find, above
        self._owner: dict[str, str] = {}
        self._conditions: list[tuple[Tree, int]] = []

    def add(self, statement: Statement) -> None:
        shape = SHAPES[statement.head]
        for option, span in statement.option_spans.items():
            if option not in shape.options:
                raise self._unknown_option(statement, option, span)
        if shape.has_items and not statement.items:
            head = HEADS[statement.head]
            raise ItemsMissing(self._text, statement.name.span, statement=head["en"], statement_zh=head["zh"])
        _ADDING[statement.head](self, statement)

    def finish(self, statements: list[Statement]) -> None:
        """What can be told only when all is read: parents, and that the package has a name."""
        for statement in statements:
            for parent in statement.options.get("under", ()):
                if parent.text not in self._package.terms:
                    near = difflib.get_close_matches(parent.text, self._package.terms, 1, 0.4)
                    raise UnknownTerm(self._text, parent.span, *_did_you_mean(near), name=parent.text)
        types = types_of(self._package)
        for tree, start in self._conditions:
            try:
                if check(tree, types) is not RuleType.BOOLEAN:
                    raise PackageError(reason="a condition must be true or false", reason_zh="条件须为真或假")
            except RuleError as error:
                raise self._moved(error, start) from None
        if not self._package.code:
            raise PackageError(
                self._text, (0, 0),
                "Begin with `package CODE version 1.0`.", "请以“规则包 编码 版本 1.0”开头。",
                reason="it has no name", reason_zh="没有编码",
            )  # fmt: skip

    def _unknown_option(self, statement: Statement, option: str, span: tuple[int, int]) -> RuleError:
        head = HEADS[statement.head]
        allowed = [OPTIONS[name] for name in sorted(SHAPES[statement.head].options)]
        hint = ("", "")
        if allowed:
            hint = (
                f"It has {', '.join(it['en'] for it in allowed)}.",
                f"可用选项：{'、'.join(it['zh'] for it in allowed)}。",
            )
        spelled = OPTIONS.get(option, {"en": option, "zh": option})
        return UnknownOption(
            self._text, span, *hint, statement=head["en"], statement_zh=head["zh"],
            option=spelled["en"], option_zh=spelled["zh"],
        )  # fmt: skip

    def _word_of(
        self, table: Mapping[Word, dict[Language, str]], written: Written, what: str, zh: str
    ) -> Word:
        key = canonical(table, written.text)
        if key is not None:
            return key
        known = [word for spelled in table.values() for word in spelled.values()]
        near = difflib.get_close_matches(written.text, known, 1, 0.4) or known[1:2]
        raise UnknownWord(
            self._text, written.span, *_did_you_mean(near), found=f"`{written.text}`", what=what, what_zh=zh
        )

    def _option(self, statement: Statement, option: str) -> Written | None:
        values = statement.options.get(option)
        return values[0] if values else None

    def _words(self, statement: Statement) -> tuple[str, ...]:
        return tuple(fold(item.word.text) for item in statement.items or () if not item.word.is_pattern)

    def _patterns(self, statement: Statement) -> tuple[str, ...]:
        return tuple(self._pattern(it.word) for it in statement.items or () if it.word.is_pattern)

    def _pattern(self, written: Written) -> str:
        try:
            pattern = read_pattern(written.text, self._text, written.span[0] + 1).text
        except PatternRefused as error:
            raise BadPattern(
                self._text,
                error.span,
                error.suggestion,
                error.suggestion_zh,
                reason=error.message("en").rstrip("."),
                reason_zh=error.message("zh").rstrip("。"),
            ) from None
        if Finder(pattern, "").matches_nothing():
            raise BadPattern(
                self._text, written.span, reason="it is found everywhere", reason_zh="它处处匹配"
            )
        return pattern

    def _head(self, statement: Statement) -> None:
        self._package.code = statement.name.text
        version, label = self._option(statement, "version"), self._option(statement, "label")
        self._package.version = version.text if version else "0"
        self._package.label = label.text if label else statement.name.text

    def _uses(self, statement: Statement) -> None:
        code = statement.name.text
        if code in self._above or code == self._package.code:
            names = " → ".join((*self._above, self._package.code, code))
            raise CircularUse(self._text, statement.name.span, names=names)
        try:
            text = self._find(code)
        except KeyError:
            raise UnknownPackage(self._text, statement.name.span, name=code) from None
        used = _checked(text, self._find, (*self._above, self._package.code))
        self._package.include(used)
        for term in used.terms.values():
            for word in term.words:
                self._owner[word] = term.name

    def _term(self, statement: Statement) -> None:
        name = statement.name.text
        term = self._package.terms.setdefault(name, Term(name, rule=f"{self._package.code}/{name}"))
        if kind := self._option(statement, "kind"):
            term.kind = self._word_of(KINDS, kind, "kind of term", "术语种类")
        term.parents = (*term.parents, *(it.text for it in statement.options.get("under", ())))
        density, side = self._option(statement, "density"), self._option(statement, "side")
        term.density = density.text if density else term.density
        term.side = side.text if side else term.side
        for item in statement.items or ():
            self._add_word(term, item.word)

    def _add_word(self, term: Term, written: Written) -> None:
        word = fold(written.text)
        first, dots, last = word.partition("…")
        if dots:
            if not first or not last:
                raise PackageError(
                    self._text, written.span,
                    reason="a word with … needs two parts", reason_zh="含…的词须有前后两部分",
                )  # fmt: skip
            term.splits.append((first, last))
            return
        owner = self._owner.setdefault(word, term.name)
        if owner != term.name:
            raise TwoMeanings(self._text, written.span, found=f"`{written.text}`", other=owner)
        if word not in term.words:
            term.words.append(word)

    def _ignore(self, statement: Statement) -> None:
        self._package.ignored.extend((fold(statement.name.text), *self._words(statement)))

    def _stop(self, statement: Statement) -> None:
        self._package.stops.extend(self._words(statement))

    def _modifier(self, statement: Statement) -> None:
        state = self._word_of(STATES, statement.name, "state", "状态")
        written = self._option(statement, "direction")
        direction: Direction = (
            self._word_of(DIRECTIONS, written, "direction", "方向") if written else "forward"
        )
        self._package.modifiers.append(Modifier(state, direction, self._words(statement)))

    def _side(self, statement: Statement) -> None:
        for word in self._words(statement):
            self._package.sides[word] = statement.name.text

    def _site(self, statement: Statement) -> None:
        organ, side = self._option(statement, "organ"), self._option(statement, "side")
        self._package.sites.append(
            Site(
                statement.name.text,
                self._words(statement),
                self._patterns(statement),
                organ is not None,
                side.text if side else None,
            )
        )

    def _density(self, statement: Statement) -> None:
        self._package.values["density"].update(dict.fromkeys(self._words(statement), statement.name.text))

    def _change(self, statement: Statement) -> None:
        self._package.values["change"].update(dict.fromkeys(self._words(statement), statement.name.text))

    def _grade(self, statement: Statement) -> None:
        values = self._option(statement, "values")
        pattern = self._pattern(values) if values and values.is_pattern else "[0-9]+[a-z]?"
        default = tuple(fold(it.text) for it in statement.options.get("default", ()))
        self._package.grades.append(Grade(statement.name.text, pattern, self._words(statement), default))

    def _number(self, statement: Statement) -> None:
        unit = self._option(statement, "unit")
        self._package.numbers.append(
            NumberField(
                statement.name.text,
                unit.text if unit else None,
                self._words(statement),
                tuple(fold(it.text) for it in statement.options.get("near", ())),
            )
        )

    def _enum(self, statement: Statement) -> None:
        value = self._option(statement, "value")
        grouped: dict[str, tuple[list[str], list[str]]] = {}
        for item in statement.items or ():
            meant = item.value or value
            text = meant.text if meant else "" if item.word.is_pattern else item.word.text
            words, patterns = grouped.setdefault(text, ([], []))
            if item.word.is_pattern:
                patterns.append(self._pattern(item.word))
            else:
                words.append(fold(item.word.text))
        for meant_text, (words, patterns) in grouped.items():
            self._package.enums.append(
                EnumValue(statement.name.text, meant_text, tuple(words), tuple(patterns))
            )

    def _histology(self, statement: Statement) -> None:
        behaviour = self._option(statement, "behaviour")
        self._package.histology.append(
            HistologyClass(
                statement.name.text, behaviour.text if behaviour else "恶性", self._words(statement)
            )
        )

    def _section(self, statement: Statement) -> None:
        for word in self._words(statement):
            self._package.sections[word] = statement.name.text

    def _classify(self, statement: Statement) -> None:
        cases = []
        for item in statement.items or ():
            tree = None
            if item.when:
                try:
                    tree = parse(item.when.text)
                    self._conditions.append((tree, item.when.span[0] + 1))
                except RuleError as error:
                    raise self._moved(error, item.when.span[0] + 1) from None
            cases.append(ClassifyCase(item.word.text, tree))
        self._package.classifications[statement.name.text] = cases

    def _moved(self, error: RuleError, start: int) -> RuleError:
        """The error of an expression, with its place in the package."""
        error.text = self._text
        error.span = (start + error.span[0], start + error.span[1])
        error.line, error.column = line_and_column(self._text, error.span[0])
        return error

    def _test(self, statement: Statement) -> None:
        expect: dict[str, Any] = {}
        for item in statement.items or ():
            family, _, key = item.word.text.partition(".")
            if family not in _TEST_FAMILIES:
                near = difflib.get_close_matches(family, _TEST_FAMILIES, 1, 0.4)
                raise UnknownWord(
                    self._text, item.word.span, *_did_you_mean(near), found=f"`{family}`",
                    what="kind of value",
                    what_zh="取值种类",
                )  # fmt: skip
            value = _literal(item.value.text) if item.value else None
            if key:
                expect.setdefault(family, {})[key] = value
            else:
                expect[family] = value
        line = self._text.count("\n", 0, statement.span[0]) + 1
        self._package.tests.append(PackageTest(statement.name.text, expect, line=line))


_ADDING: Final[dict[str, Callable[[_Checker, Statement], None]]] = {
    "package": _Checker._head,
    "uses": _Checker._uses,
    "term": _Checker._term,
    "ignore": _Checker._ignore,
    "modifier": _Checker._modifier,
    "stop": _Checker._stop,
    "side": _Checker._side,
    "site": _Checker._site,
    "density": _Checker._density,
    "change": _Checker._change,
    "grade": _Checker._grade,
    "number": _Checker._number,
    "enum": _Checker._enum,
    "histology": _Checker._histology,
    "section": _Checker._section,
    "classify": _Checker._classify,
    "test": _Checker._test,
}


def _literal(text: str) -> Any:
    """The value of a test as JSON: 3, null, "{""min"": 2}"; what is no JSON is a text."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _did_you_mean(near: Iterable[str]) -> tuple[str, str]:
    for word in near:
        return f"Did you mean `{word}`?", f"是否想写“{word}”？"
    return "", ""
