"""People at work on a site: requests that must succeed, refusals in both languages, jobs run to their end."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.site import Caller, Site
from zhenshu.instance import Instance
from zhenshu.jobs import bind_jobs, run_now
from zhenshu.rooms import Room
from zhenshu.security.subjects import load_subject

Json = dict[str, Any]
LUNG = "/databases/lung"
PATIENTS = f"{LUNG}/records/patient"


class Office:
    """A site, and its people by role."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.instance = site.instance

    def person(self, role: str = "research_admin", name: str = "") -> Person:
        return Person(self.site.script(role, name), self.instance)


def an_office(instance: Instance, rooms: Sequence[Room], folder: Path) -> Office:
    """No worker runs beside it: `Person.finish` runs a job when the test says so."""
    pages = folder / "no-pages"
    pages.mkdir()
    kinds = [kind for room in rooms for kind in room.jobs]
    bind_jobs(instance, kinds, load_subject=load_subject, wake=lambda queue, job: None)
    return Office(Site(instance, rooms, pages))


class Person:
    """Somebody with a token."""

    def __init__(self, caller: Caller, instance: Instance) -> None:
        self.caller = caller
        self.instance = instance

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> Json:
        """The answer to a request that must succeed."""
        options |= {} if body is None else {"json": body}
        response = self.caller.call(method, path, **options)
        assert response.status_code < 300, response.text
        found: Json = response.get_json()
        return found

    def get(self, path: str, **params: Any) -> Json:
        return self.ask("GET", path, query_string=params)

    def post(self, path: str, body: Any = None) -> Json:
        return self.ask("POST", path, body)

    def refused(self, method: str, path: str, body: Any = None, **options: Any) -> Refusal:
        """The refusal of a request, asked for in both languages."""
        options |= {} if body is None else {"json": body}
        answers = {
            language: self.caller.call(method, path, headers={"Accept-Language": language}, **options)
            for language in ("zh", "en")
        }
        return Refusal({language: answer.get_json() for language, answer in answers.items()},
                       answers["zh"].status_code)  # fmt: skip

    def upload(self, name: str, content: bytes | str) -> int:
        data = content.encode() if isinstance(content, str) else content
        return int(self.ask("POST", "/files", data={"file": (io.BytesIO(data), name)})["id"])

    def import_definition(self, *files: tuple[str, bytes | str], **more: Any) -> Json:
        ids = [self.upload(name, content) for name, content in files]
        return self.post("/definitions/imports", {"file_ids": ids} | more)

    def publish(self, code: str) -> int:
        """Plan, approve where that is needed, and publish the draft; the release's number."""
        return self.publish_plan(self.post(f"/databases/{code}/plans"))

    def publish_plan(self, plan: Json) -> int:
        if plan["needs_approval"]:
            self.post(f"/plans/{plan['id']}/approve")
        return int(self.post(f"/plans/{plan['id']}/publish")["release"])

    def edit(self, code: str, *edits: Mapping[str, Any]) -> Json:
        version = self.get(f"/databases/{code}/draft")["version"]
        return self.post(
            f"/databases/{code}/draft/edits", {"expected_version": version, "edits": list(edits)}
        )

    def add(self, path: str = PATIENTS, **values: Any) -> Json:
        record: Json = self.post(path, {"values": values})["record"]
        return record

    def keys(self, **params: Any) -> list[str]:
        """Record ids of all patients that a query finds, page by page."""
        found: list[str] = []
        after: dict[str, str] = {}
        while True:
            page = self.get(PATIENTS, **params, **after)
            found += [item["values"]["record_id"] for item in page["items"]]
            if page["next"] is None:
                return found
            after = {"after": page["next"]}

    def import_records(self, name: str, content: bytes | str, **more: Any) -> int:
        """The job's id."""
        body = {"file_id": self.upload(name, content), "record_type": "patient"} | more
        return int(self.post(f"{LUNG}/record-imports", body)["job"])

    def export(self, **more: Any) -> bytes:
        """The exported file, downloaded."""
        body = {"record_type": "patient", "format": "csv", "labels": False} | more
        job = self.finish(self.post(f"{LUNG}/record-exports", body)["job"])
        response = self.caller.get(f"/files/{job['result']['file_id']}")
        assert response.status_code == 200
        return bytes(response.data)

    def finish(self, job_id: int) -> Json:
        """Let a worker run the job; the job as its owner then sees it."""
        run_now(self.instance, job_id)
        return self.get(f"/jobs/{job_id}")


class Refusal:
    """What a refused caller is told, in Chinese and in English."""

    def __init__(self, bodies: dict[str, Json], status: int) -> None:
        self.status = status
        self.code: str = bodies["en"]["code"]
        self.zh: str = bodies["zh"]["message"]
        self.en: str = bodies["en"]["message"]
        self.details: Json = bodies["en"]["details"]

    @property
    def told(self) -> tuple[int, str]:
        return self.status, self.code

    @property
    def is_bilingual(self) -> bool:
        """Chinese for one, English for the other, and no hole left unfilled."""
        return has_chinese(self.zh) and not has_chinese(self.en) and "{" not in self.zh + self.en


def has_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def rows(content: bytes) -> list[dict[str, str]]:
    """The rows of an exported CSV file."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
