"""`zhenshu users`: accounts from the command line, for those who run the machine."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import click

from zhenshu.instance import Instance
from zhenshu.security.accounts import NewUser, create_user, reset_password, set_password
from zhenshu.security.directory import require_directory
from zhenshu.security.grant_command import grant
from zhenshu.security.operators import operator
from zhenshu.security.people import UserInfo, find_user, list_users
from zhenshu.security.policy import Channel
from zhenshu.security.roles import ROLES
from zhenshu.security.second_factor import reset_factor
from zhenshu.security.tokens import create_token

PAGE = 500
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON. 以 JSON 输出。")
FROM_STDIN = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input. 从标准输入读取密码。"
)


@click.group()
def users() -> None:
    """Users, their passwords, tokens and access. 用户、密码、令牌与授权。"""


users.add_command(grant)


@users.command()
@click.argument("name")
@click.option(
    "--role", "roles", multiple=True, required=True, help=f"One of: {', '.join(role.name for role in ROLES)}."
)
@click.option("--display-name", default="", help="As shown to others. 显示名称。")
@click.option("--directory", is_flag=True, help="Signs in by the directory (LDAP). 通过目录服务登录。")
@FROM_STDIN
@AS_JSON
@click.pass_obj
def add(
    instance: Instance,
    name: str,
    roles: tuple[str, ...],
    display_name: str,
    directory: bool,
    password_stdin: bool,
    as_json: bool,
) -> None:
    """Make a user. Without --password-stdin a one-time password is printed. 新建用户。"""
    if directory:
        require_directory(instance)
    password = _read_password() if password_stdin and not directory else None
    with instance.write(operator(), Channel.API) as uow:
        made = create_user(uow, name, roles, password, display_name=display_name, directory=directory)
    _print_user(made, as_json)


@users.command("list")
@AS_JSON
@click.pass_obj
def list_all(instance: Instance, as_json: bool) -> None:
    """List all users. 列出用户。"""
    found = _all_users(instance)
    if as_json:
        click.echo(json.dumps([asdict(user) for user in found], ensure_ascii=False, default=str))
        return
    for user in found:
        state = "" if user.active else "\t(inactive 已停用)"
        click.echo(f"{user.id}\t{user.name}\t{', '.join(user.roles)}{state}")


def _all_users(instance: Instance) -> list[UserInfo]:
    found: list[UserInfo] = []
    with instance.read(operator(), Channel.API) as uow:
        while page := list_users(uow, found[-1].id if found else 0, PAGE):
            found += page
    return found


@users.command()
@click.argument("name")
@FROM_STDIN
@AS_JSON
@click.pass_obj
def password(instance: Instance, name: str, password_stdin: bool, as_json: bool) -> None:
    """Give a user a new password and end the user's logins. 重置用户密码。"""
    new = _read_password() if password_stdin else None
    with instance.write(operator(), Channel.API) as uow:
        user = find_user(uow, name)
        if new is None:
            made = reset_password(uow, user.id)
        else:
            set_password(uow, user.id, new)
            made = NewUser(find_user(uow, name), None)
    _print_user(made, as_json)


@users.command("reset-factor")
@click.argument("name")
@click.pass_obj
def reset_second_factor(instance: Instance, name: str) -> None:
    """Take away a user's second factor, for a lost device. 重置动态口令。"""
    with instance.write(operator(), Channel.API) as uow:
        reset_factor(uow, find_user(uow, name).id)


@users.command()
@click.argument("name")
@click.option("--label", default="command line", help="What the token is for. 令牌用途。")
@click.option("--days", type=click.IntRange(1, 3650), help="Days until it ends. 有效天数。")
@AS_JSON
@click.pass_obj
def token(instance: Instance, name: str, label: str, days: int | None, as_json: bool) -> None:
    """Make a bearer token for a user and print it once. 为用户新建令牌。"""
    with instance.write(operator(), Channel.API) as uow:
        made = create_token(uow, find_user(uow, name).id, label, days)
    click.echo(json.dumps({"id": made.token.id, "value": made.value}) if as_json else made.value)


def _read_password() -> str:
    return sys.stdin.readline().rstrip("\r\n")


def _print_user(made: NewUser, as_json: bool) -> None:
    if as_json:
        shown = {"id": made.user.id, "name": made.user.name, "one_time_password": made.one_time_password}
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    click.echo(f"{made.user.id}\t{made.user.name}\t{', '.join(made.user.roles)}")
    if made.one_time_password:
        click.echo(f"one-time password 一次性密码: {made.one_time_password}")
