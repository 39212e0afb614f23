"""All rooms and all endpoints, as `assembly` lists them."""

from assembly import rooms
from zhenshu.web.apis import GROUND_APIS

ROOMS = rooms()
APIS = (*GROUND_APIS, *(api for room in ROOMS for api in room.routes))
