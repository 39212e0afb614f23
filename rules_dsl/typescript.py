"""The browser's back end, run outside a browser: one Node.js process that answers for many rules."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Final

from rules_dsl.errors import NodeMissing, NodeStopped
from rules_dsl.program import Json, as_json
from rules_dsl.values import Context

SCRIPT: Final = Path(__file__).parents[1] / "web/shared/rules/run.ts"
# Node 22 reads types only when told to; newer ones do anyway, and say that this is new.
FLAGS: Final = ("--experimental-strip-types", "--no-warnings")


def find_node() -> str | None:
    """Node.js of this Python environment, else of the machine."""
    beside = shutil.which("node", path=str(Path(sys.executable).parent))
    return beside or shutil.which("node")


class TypeScriptRunner:
    """Runs programs as the pages do; a context manager that ends the process.

    Raises:
        NodeMissing: when there is no Node.js.
    """

    def __init__(self) -> None:
        node = find_node()
        if node is None:
            raise NodeMissing()
        self._lock = Lock()
        self._process = subprocess.Popen(
            [node, *FLAGS, SCRIPT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )

    def value(self, program: Json, record: Mapping[str, Any], context: Context) -> Any:
        """The value of `program` for a record of Python values, as JSON: dates and long numbers are texts.

        Raises:
            NodeStopped: when the program can't be run there, or the process has ended.
        """
        question = {
            "program": program,
            "record": record_as_json(record),
            "now": context.now.isoformat(),
            "zone": context.zone,
        }
        answer = json.loads(self._ask(json.dumps(question, allow_nan=False)))
        if "error" in answer:
            raise NodeStopped(problem=answer["error"])
        return answer["value"]

    def _ask(self, line: str) -> str:
        asking, answering = self._process.stdin, self._process.stdout
        assert asking is not None and answering is not None
        try:
            with self._lock:
                asking.write(line + "\n")
                asking.flush()
                answer = answering.readline()
        except (OSError, ValueError) as error:  # the process, or our end of the pipe, is closed
            raise NodeStopped(problem=str(error)) from error
        if not answer:
            raise NodeStopped(problem=f"exit status {self._process.wait()}")
        return answer

    def close(self) -> None:
        """End the process. Safe to call again."""
        if self._process.poll() is None:
            self._process.communicate()

    def __enter__(self) -> TypeScriptRunner:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def record_as_json(record: Mapping[str, Any]) -> Json:
    """A record of Python values as the browser holds it."""
    return {path: _value_as_json(value) for path, value in record.items()}


def _value_as_json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return record_as_json(value)
    if isinstance(value, list | tuple):
        return [_value_as_json(item) for item in value]
    return as_json(value)


__all__ = ["TypeScriptRunner", "find_node", "record_as_json"]
