"""`zhenshu up`: serve the instance."""

from __future__ import annotations

import dataclasses
import os

import click

from zhenshu import logs
from zhenshu.cli.language import say
from zhenshu.db.migrations import require_head
from zhenshu.instance import Instance
from zhenshu.process import Programs, Supervisor, listen
from zhenshu.security.directory import configuration_of
from zhenshu.security.secrets import Secrets
from zhenshu.settings import Settings


def up_command(programs: Programs) -> click.Command:
    @click.command("up")
    @click.option(
        "--port", type=click.IntRange(0, 65535), help="Port to listen on; 0: any free one. 监听端口。"
    )
    @click.pass_obj
    def up(instance: Instance, port: int | None) -> None:
        """Serve the web pages and run the jobs, until stopped. 启动服务。"""
        logs.configure()
        require_head(instance)
        Secrets.load(instance.settings.secrets_folder)
        settings = instance.settings
        configuration_of(settings)  # a wrong setting is told here, not by each child
        instance.close()  # the children connect for themselves
        with listen(settings.host, settings.port if port is None else port) as listener:
            host, bound = listener.getsockname()[:2]
            say(f"诊枢已启动：http://{host}:{bound}", f"Zhenshu is served on http://{host}:{bound}")
            _pass_on(settings)
            Supervisor(listener, programs, settings.job_workers).run()
        say("诊枢已停止。", "Zhenshu has stopped.")

    return up


def _pass_on(settings: Settings) -> None:
    """Let the children, which read the environment, see what this process sees."""
    for field in dataclasses.fields(settings):
        os.environ[f"ZHENSHU_{field.name.upper()}"] = str(getattr(settings, field.name))
