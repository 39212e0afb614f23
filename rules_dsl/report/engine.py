"""A compiled package: `run(text)` gives the findings of one report."""

from __future__ import annotations

import re
from typing import Any, Final

from rules_dsl.report.attributes import attach_attributes
from rules_dsl.report.classify import Classifier
from rules_dsl.report.context import set_states
from rules_dsl.report.counts import set_counts
from rules_dsl.report.finder import Finder
from rules_dsl.report.findings import Findings, Mention, Span, Value
from rules_dsl.report.folding import fold
from rules_dsl.report.lexicon import Lexicon, Token
from rules_dsl.report.measures import Fields, dimensions, percentages
from rules_dsl.report.mentions import Scanned, scan
from rules_dsl.report.merging import keys_of, merged
from rules_dsl.report.model import Package, Term
from rules_dsl.report.numerals import integer
from rules_dsl.report.pathology import pathology
from rules_dsl.report.segments import Sections, SpansByPlace, sentences
from rules_dsl.report.sizes import attach_sizes, may_hold_sizes

_KEY_VALUE: Final = re.compile(
    r"(?:^|(?<=[\n。;,\s]))([\u4e00-\u9fffa-z]{2,10})\s*:\s*(有|无|男|女|阳性|阴性|是|否|(?:[ⅠⅡⅢⅣⅤ]|[0-9]|[一二三四五])\s*[级度期型组])(?=[,。;\s]|$)"
)
_DEGREE: Final = re.compile(
    r"([ⅠⅡⅢⅣⅤ一二三四]|(?<![\d.])[0-5]|i{1,3}v?)\s*(?:度|°|级)\s*(?:[ⅠⅡ12一二]?型)?\s*$"
)
_DEGREE_AFTER: Final = re.compile(r"\s*[(:]?\s*(?:为|约)?([ⅠⅡⅢⅣⅤ]|[0-5]|i{1,3}v?)\s*(?:度|°|级)")
_LIST_MARK: Final = re.compile(r"^\s*\(?\d{1,2}[.、)](?!\d)", re.MULTILINE)


class Compiled:
    """A package ready to read reports; it holds nothing of the reports it read."""

    def __init__(self, package: Package) -> None:
        self.package = package
        _close_hierarchy(package.terms)
        self._classes = {}
        for cls in package.histology:
            self._classes[cls.name] = cls
            term = package.terms.setdefault(
                cls.name, Term(cls.name, "diagnosis", rule=f"{package.code}/{cls.name}")
            )
            term.words.extend(word for word in cls.words if word not in term.words)
        _name_densities(package)
        self._lexicon = Lexicon(package)
        self._fields = Fields(package)
        self._classifier = Classifier(package)
        self._patterns = [
            (Finder(pattern, f"枚举 {value.field}"), value)
            for value in package.enums
            for pattern in value.patterns
        ]

    def run(self, text: str) -> Findings:
        """All that the package finds in `text`; offsets are those of `text` as it came."""
        folded = fold(text)
        marks = _LIST_MARK.sub(lambda m: " " * len(m.group()), folded)
        sections = Sections(marks, self.package.sections)
        values, consumed = self._fields.read(marks)
        taken = SpansByPlace(consumed)
        mentions: list[Mention] = []
        stopped: list[str] = []
        tokens = self._lexicon.tokens(marks, stopped)
        at, carried, covered = 0, None, 0
        found_sentences = sentences(marks)
        sized = may_hold_sizes(marks)
        for number, sentence in enumerate(found_sentences):
            first = at
            while at < len(tokens) and tokens[at].start < sentence.end:
                at += 1
            here = [it for it in tokens[first:at] if it.end <= sentence.end + 1]
            if not here and not sized:
                continue
            scanned = scan(marks, sentence, number, here)
            before = len(values)
            values += self._read_sentence(scanned, taken.within(sentence) if sized else None, carried)
            if scanned.mentions or len(values) > before:
                covered += 1
            for mention in scanned.mentions:
                mention.written = text[mention.start : mention.end]
                if sections.spans:
                    mention.section = sections.at(mention.start)
            lesions = [it for it in scanned.mentions if it.term.kind == "lesion" and it.asserted]
            carried = lesions[-1] if lesions else None
            mentions += scanned.mentions
        values += pathology(marks, text, mentions, self._classes)
        values += _key_values(marks, text)
        values += self._enum_patterns(marks, text, stopped)
        values += merged(mentions)
        values += self._classifier.classify(values)
        coverage = covered / len(found_sentences) if found_sentences else 0.0
        package = self.package
        return Findings(
            mentions,
            values,
            coverage,
            package.code,
            package.version,
            package.hash,
            tuple(dict.fromkeys(stopped)),
        )

    def _enum_patterns(self, text: str, original: str, stopped: list[str]) -> list[Value]:
        found = []
        for pattern, value in self._patterns:
            for start, end in pattern.spans(text, stopped):
                meant = value.value or _typed(original[start:end])
                found.append(Value("enum", value.field, meant, ((start, end),), f"枚举 {value.field}"))
        return found

    def _read_sentence(
        self, scanned: Scanned, consumed: list[Span] | None, carried: Mention | None
    ) -> list[Value]:
        set_states(scanned)
        set_counts(scanned)
        values: list[Value] = []
        if consumed is not None:
            measures, measured = dimensions(scanned)
            values += measures
            attach_sizes(scanned, [*consumed, *measured], carried)
        values += attach_attributes(scanned, carried)
        if scanned.holds("%"):
            for mention in scanned.mentions:
                values += percentages(scanned, mention, keys_of)
        if scanned.holds("度") or scanned.holds("级") or scanned.holds("°"):
            for mention in scanned.mentions:
                values += _degree(scanned, mention)
        return values


def _degree(scanned: Scanned, mention: Mention) -> list[Value]:
    """Ⅰ度房室传导阻滞, 心功能Ⅲ级: the degree of the concept itself."""
    text, start = scanned.text, max(scanned.sentence.start, mention.start - 8)
    match = _DEGREE.search(text[start : mention.start])
    base = start
    if match is None:
        match, base = _DEGREE_AFTER.match(text, mention.end, scanned.sentence.end), 0
    if match is None or mention.state == "无":
        return []
    span = (base + match.start(1), base + match.end(1))
    degree = integer(match.group(1))
    return [
        Value("grade", name, degree, (span,), f"分级 {name}")
        for name in (mention.term.name, *mention.term.parents)
    ]


def _typed(text: str) -> str:
    """Ⅱa型 is Ⅱa."""
    return fold(text).rstrip("型期级类")


def _key_values(text: str, original: str) -> list[Value]:
    """字段：值 with a value of a closed kind: 性别：男, 分级：Ⅲ级."""
    found = []
    for match in _KEY_VALUE.finditer(text):
        written = match.group(2)
        value: Any = written
        if written[-1] in "级度期型组" and len(written) > 1:
            number = integer(written[:-1].strip())
            value = number if number is not None else written
        key = original[match.start(1) : match.end(1)]
        found.append(Value("enum", key, value, (match.span(),), f"字段 {key}"))
    return found


def _name_densities(package: Package) -> None:
    """The words of lesions that begin with a density: 囊性占位, 低回声团."""
    densities = sorted(package.values["density"].items(), key=lambda it: -len(it[0]))
    for term in package.terms.values():
        for word in term.words if term.kind == "lesion" and not term.density else ():
            named = next((value for prefix, value in densities if word.startswith(prefix)), None)
            if named is not None:
                term.densities[word] = named


def _close_hierarchy(terms: dict[str, Term]) -> None:
    """Let each term name all that it is a kind of, however far up."""
    for term in terms.values():
        seen: list[str] = []
        waiting = list(term.parents)
        while waiting:
            name = waiting.pop(0)
            if name in seen or name == term.name:
                continue
            seen.append(name)
            waiting += terms[name].parents if name in terms else ()
        term.parents = tuple(seen)


__all__ = ["Compiled", "Token"]
