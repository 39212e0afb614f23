"""Reports a second on one core at 500 characters, against stock medspaCy with the same terms and modifiers.

python -m benchmarks.report_speed [PACKAGE]
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import medspacy
import spacy
import yaml
from loguru import logger
from medspacy.context import ConTextRule
from medspacy.target_matcher import TargetRule

from rules_dsl.report import Compiled, Package, load_package

PACKAGES = Path(__file__).parent.parent / "seed_configs" / "report_packages"
CHARACTERS = 500
REPORTS = 400
STOCK_REPORTS = 60  # it is slow
DIRECTIONS = {"forward": "FORWARD", "backward": "BACKWARD", "both": "BIDIRECTIONAL"}


def reports(package: Package) -> list[str]:
    """Reports of 500 characters made of the package's own labelled snippets: far denser than real ones."""
    found: list[str] = []
    text = ""
    while len(found) < REPORTS:
        for test in package.tests:
            text += test.text + "\n"
            if len(text) >= CHARACTERS:
                found.append(text[:CHARACTERS])
                text = ""
    return found[:REPORTS]


def stock(package: Package) -> Callable[[str], object]:
    """medspaCy as `medspacy.load` makes it: sentences by PyRuSH, target rules and ConText; its log is off."""
    logger.remove()
    nlp = medspacy.load(
        spacy.blank("zh"),
        medspacy_enable=["medspacy_pyrush", "medspacy_target_matcher", "medspacy_context"],
        load_rules=False,
    )
    nlp.get_pipe("medspacy_target_matcher").add(
        [TargetRule(word, "TERM") for term in package.terms.values() for word in term.words]
    )
    nlp.get_pipe("medspacy_context").add(
        [
            ConTextRule(word, modifier.state, direction=DIRECTIONS[modifier.direction])
            for modifier in package.modifiers
            for word in modifier.words
        ]
    )
    read: Callable[[str], object] = nlp
    return read


def rate(read: Callable[[str], object], texts: list[str]) -> float:
    """Reports per second of processor time."""
    read(texts[0])
    start = time.process_time()
    for text in texts:
        read(text)
    return len(texts) / (time.process_time() - start)


def main(name: str = "imaging") -> int:
    start = time.process_time()
    package = load_package(PACKAGES / name, read_yaml=yaml.safe_load)
    compiled = Compiled(package)
    loading = time.process_time() - start
    gc.freeze()
    texts = reports(package)
    mentions = sum(len(compiled.run(text).mentions) for text in texts) / len(texts)
    ours = max(rate(compiled.run, texts) for _ in range(3))
    theirs = rate(stock(package), texts[:STOCK_REPORTS])
    print(
        json.dumps(
            {
                "reports_per_second": round(ours),
                "stock_medspacy": round(theirs, 1),
                "times": round(ours / theirs, 1),
                "characters": CHARACTERS,
                "mentions_per_report": round(mentions, 1),
                "loading_seconds": round(loading, 2),
            }
        )
    )
    return 0 if ours >= 500 and ours >= 5 * theirs else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
