"""The house as a whole: every room's endpoints and commands together."""
