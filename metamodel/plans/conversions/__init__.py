"""Conversions: a published field gets another type, unit, set of choices or protection, cell by cell.

A conversion makes a new column beside the one it reads. Triggers log the records that others write
meanwhile, so every writer goes on as before and none has to know of it; what is logged is converted again,
the last of it in the swap. The column that was read stays frozen: an undo takes its values where nobody
changed them since.
"""
