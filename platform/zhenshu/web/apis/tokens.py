"""One's own bearer tokens for scripts."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from zhenshu.errors import NotFound
from zhenshu.security.tokens import create_token, list_tokens, revoke_token
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import ID, INSTANT, MAYBE_INSTANT, PAGING, TEXT, object_of, page, page_of, query_of

TOKEN = object_of(
    {
        "id": ID,
        "name": TEXT,
        "created_at": INSTANT,
        "expires_at": MAYBE_INSTANT,
        "revoked_at": MAYBE_INSTANT,
        "last_used_at": MAYBE_INSTANT,
    }
)
NEW = object_of(
    {
        "name": {"type": "string", "minLength": 1, "maxLength": 128},
        "days": {"type": ["integer", "null"], "minimum": 1, "maximum": 3650},
    },
    required=["name"],
)


class Tokens(Api):
    @endpoint(
        "GET", "/tokens",
        summary={"zh": "自己的令牌", "en": "One's own tokens, without their values."},
        needs=None,
        params=query_of(PAGING),
        returns={200: page_of(TOKEN)},
    )  # fmt: skip
    def list(self) -> dict[str, Any]:
        limit = self.params["limit"]
        with self.read() as uow:
            found = list_tokens(uow, self._owner, self.params["after"], limit)
        return page([asdict(token) for token in found], limit)

    @endpoint(
        "POST", "/tokens",
        summary={"zh": "新建令牌", "en": "Make a token. Its value is in this answer and nowhere else."},
        needs=None,
        body=NEW,
        returns={201: object_of({"token": TOKEN, "value": TEXT})},
    )  # fmt: skip
    def create(self) -> dict[str, Any]:
        with self.write() as uow:
            made = create_token(uow, self._owner, self.body["name"], self.body.get("days"))
        return {"token": asdict(made.token), "value": made.value}

    @endpoint(
        "DELETE", "/tokens/<int:id>",
        summary={"zh": "吊销令牌", "en": "Revoke a token at once."},
        needs=None,
        returns={204: None},
        errors=[NotFound],
    )  # fmt: skip
    def revoke(self, id: int) -> None:
        with self.write() as uow:
            revoke_token(uow, self._owner, id)

    @property
    def _owner(self) -> int:
        assert self.subject.id is not None  # the door let only users in
        return self.subject.id
