"""Three administrators who watch one another, and none of whom reaches what patients told."""

from __future__ import annotations

from itertools import combinations

import pytest
from flask_appbuilder.security.sqla.models import PermissionView, Role, ViewMenu, assoc_permissionview_role
from sqlalchemy import insert, select

from zhenshu.errors import Conflict
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.accounts import AdministratorWithData, RolesExclusive, change_user, create_user
from zhenshu.security.roles import BY_NAME, DATA, EXCLUSIVE, ROLES

PASSWORD = "Correct-Horse-7"
DATA_ROLES = {role.name for role in ROLES if any(kind in DATA for _, kind in role.permissions)}
PAIRS = [tuple(pair) for pair in combinations(sorted(BY_NAME), 2)]


def apart(pair: tuple[str, ...]) -> bool:
    admins = EXCLUSIVE & set(pair)
    return len(admins) > 1 or bool(admins and DATA_ROLES & set(pair))


def test_no_administrator_reaches_data() -> None:
    assert not EXCLUSIVE & DATA_ROLES
    assert {"research_admin", "researcher", "reader"} == DATA_ROLES


@pytest.mark.parametrize("pair", PAIRS, ids="+".join)
def test_duties_that_exclude_each_other_are_held_by_two_people(
    embedded: Instance, pair: tuple[str, ...]
) -> None:
    with embedded.write(SYSTEM, Channel.API) as uow:
        one = create_user(uow, "one", pair[0], PASSWORD).user.id
    wrong = RolesExclusive if set(pair) <= EXCLUSIVE else AdministratorWithData
    if not apart(pair):
        with embedded.write(SYSTEM, Channel.API) as uow:
            create_user(uow, "both", pair, PASSWORD)
            change_user(uow, one, roles=list(pair))
        return
    with pytest.raises(wrong), embedded.write(SYSTEM, Channel.API) as uow:
        create_user(uow, "both", pair, PASSWORD)
    with pytest.raises(Conflict), embedded.write(SYSTEM, Channel.API) as uow:
        change_user(uow, one, roles=list(pair))


def test_a_role_made_here_that_reaches_data_is_no_way_around(instance: Instance) -> None:
    with instance.write(SYSTEM, Channel.API) as uow:
        made = uow.conn.execute(insert(Role).values(name="made here").returning(Role.id)).scalar_one()
        pair = (
            select(PermissionView.id)
            .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
            .where(ViewMenu.name == "records")
        )
        row = {"role_id": made, "permission_view_id": uow.conn.scalars(pair).first()}
        uow.conn.execute(insert(assoc_permissionview_role).values(row))

    with pytest.raises(AdministratorWithData), instance.write(SYSTEM, Channel.API) as uow:
        create_user(uow, "both", ("security_admin", "made here"), PASSWORD)
