"""What differs between two documents of a database, in words; and what of it costs something."""

from metamodel.plans.changes.change import Act, Change, Name, Thing, Words
from metamodel.plans.changes.compare import compare
from metamodel.plans.changes.costs import Costed, costed, counts_of

__all__ = ["Act", "Change", "Costed", "Name", "Thing", "Words", "compare", "costed", "counts_of"]
