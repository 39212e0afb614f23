"""The tests mirror the rooms: tests/<room>/test_*.py. Shared servers: servers, postgres, redis_server."""
