"""The `zhenshu` command."""

from zhenshu.cli.main import build_cli

__all__ = ["build_cli"]
