"""Foreign files of tracing, in and out: bytes to values, values to bytes; pure.

`epcis`: GS1 EPCIS 2.0 documents in JSON-LD, their conformance and the CBV event hash.
"""
