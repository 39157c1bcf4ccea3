"""Pure rules of tracing: how things are named and what a name says.

Reading order: `identifiers` (GS1 keys, one spelling each), `epc_urn` (EPC URNs behind it), `vin`.
"""
