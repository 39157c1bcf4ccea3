"""Choices: rules over numbered yes-or-no variables, compiled once and asked many times.

Plain numbers in, plain numbers out: no feature, no option, no price list, no fact. What the numbers
stand for is the business of who asks.

Read in this order: expression.py (conditions as people write them), formula.py (clauses and the
rule that each comes from), reducing.py (what is fixed, what says the same), compiling.py and
diagram.py (the counting form), costing.py (the least), asking.py (what a choice leaves),
explaining.py (why, and what would help), completing.py (the best that can still be had).
"""
