"""The tests' own Redis server starts every test empty and asks for a password."""

import pytest
import redis


@pytest.mark.parametrize("_again", [1, 2])
def test_each_test_starts_with_an_empty_redis(redis_url: str, _again: int) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("job", "1")


def test_a_stranger_on_this_machine_is_refused(redis_url: str) -> None:
    without_password = redis_url.replace(redis_url.split("@")[0], "redis://").replace("redis://@", "redis://")
    with redis.Redis.from_url(without_password) as client, pytest.raises(redis.AuthenticationError):
        client.ping()
