"""The embedded broker: kombu's filesystem transport, with messages that appear whole or not at all."""

from __future__ import annotations

import json
import os
from typing import Any
from uuid import uuid4

from kombu.transport import filesystem


class Channel(filesystem.Channel):
    """Writes a message beside its folder and moves it in, so that no reader meets half of one."""

    def _put(self, queue: Any, *messages: Any, **kwargs: Any) -> None:
        name = f"{uuid4()}.{queue}.msg"
        written = self.control_folder / f"{name}.part"
        written.write_text(json.dumps(messages[0]), encoding="utf-8")
        os.replace(written, os.path.join(self.data_folder_out, name))


class Transport(filesystem.Transport):
    """`broker_transport = "zhenshu.jobs.transport:Transport"`."""

    Channel = Channel
