"""The command line: `treadle <domain> <word> ...`, made from each domain's front door.

Read in this order: program.py (all together), parameters.py (a signature as arguments and options),
words.py (commands, queries, intakes), works.py (long work and readings of files), taking_in.py
(documents in), rendering.py (answers on a terminal, with cells.py and tables.py), session.py (what
one run holds), store.py and serving.py (the house's own words).
"""

from treadle.cli.program import build, main

__all__ = ["build", "main"]
