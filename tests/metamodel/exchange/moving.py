"""Records in and out, as the jobs do it."""

import csv
import io
from typing import Any

from sqlalchemy import Connection

from metamodel.catalogue import catalogue_of
from metamodel.definitions import save_draft
from metamodel.exchange import JOBS
from metamodel.plans import publish
from metamodel.queries import RecordQuery, stream
from zhenshu.instance import Instance
from zhenshu.jobs import Job, bind_jobs, run_now, submit
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM, Subject
from zhenshu.storage import open_file, put_file


class Mover:
    """Imports into and exports from the databases of one instance."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self._subjects: dict[int, Subject] = {}
        bind_jobs(instance, JOBS, load_subject=self._load, wake=lambda queue, job: None)

    def _load(self, _conn: Connection, user_id: int, *_more: Any) -> Subject:
        """Whoever submitted the job, with the grants the test gave."""
        return self._subjects[user_id]

    def publish(self, document: dict[str, Any]) -> None:
        with self.instance.write(SYSTEM, Channel.API) as uow:
            draft = save_draft(uow, "database", document)
        publish(self.instance, SYSTEM, draft.code, Channel.API)

    def upload(self, name: str, content: bytes, subject: Subject = SYSTEM) -> int:
        with self.instance.write(subject, Channel.API) as uow:
            return put_file(uow, name, io.BytesIO(content)).id

    def submit(self, kind: str, args: dict[str, Any], subject: Subject = SYSTEM) -> int:
        with self.instance.write(subject, Channel.API) as uow:
            if subject.id is not None:
                self._subjects[subject.id] = subject
            return submit(uow, kind, args)

    def load(
        self, content: str | bytes, record_type: str | None = None, name: str = "data.csv",
        format: str | None = None, subject: Subject = SYSTEM, database: str = "lung",
    ) -> Job:  # fmt: skip
        data = content.encode() if isinstance(content, str) else content
        file_id = self.upload(name, data, subject)
        args = {"database": database, "record_type": record_type, "file_id": file_id, "format": format}
        return run_now(self.instance, self.submit("records.import", args | {"options": {}}, subject))

    def export(
        self, record_type: str = "patient", subject: Subject = SYSTEM, database: str = "lung", **more: Any
    ) -> bytes:
        args = {
            "database": database, "record_type": record_type, "where": None, "select": None, "format": "csv",
            "labels": False, "language": "zh", "bom": False,
        } | more  # fmt: skip
        job = run_now(self.instance, self.submit("records.export", args, subject))
        assert job.result is not None
        return self.content(job.result["file_id"])

    def content(self, file_id: int) -> bytes:
        with self.instance.read(SYSTEM, Channel.API) as uow, open_file(uow, file_id) as file:
            return file.read()

    def rejected(self, job: Job) -> list[dict[str, str]]:
        """The list of rejected rows."""
        assert job.result is not None
        if job.result["rejected_file"] is None:
            return []
        text = self.content(job.result["rejected_file"]).decode()
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def records(self, record_type: str = "patient", database: str = "lung") -> list[dict[str, Any]]:
        """All records with their fields, event and repeat key."""
        with self.instance.write(SYSTEM, Channel.API) as uow:
            found = catalogue_of(uow).database(database).record_type(record_type)
            keep = [*(item.code for item in found.fields), "event", "repeat_key", "missing"]
            return [
                {name: record[name] for name in keep}
                for batch in stream(uow, RecordQuery(found))
                for record in batch
            ]
