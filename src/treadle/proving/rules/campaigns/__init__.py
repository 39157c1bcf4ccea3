"""Campaigns: which variants to run next, and what their outcomes prove. Pure calculation.

Read in this order: `asking` (how a method asks for runs and is told their outcomes), `space`
(parameters and the standard normal space), `designs` and `covering` (fixed lists of cases),
`search` (find failures and the frontier), `probability` (how likely a failure is), `reduction` (the
failing case nearest to nominal), `gate_statistics` (two releases on the same cases). Nothing here
knows an engine: a limit state is any function of arrays, failing where it is 0 or less.
"""
