"""Disease databases and the research done on them. Now: the synthetic cohort of the demonstration."""

from modules.research.room import demo, room

__all__ = ["demo", "room"]
