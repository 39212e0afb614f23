"""The web face: application factory, API base class, sessions and tokens at the door, OpenAPI."""
