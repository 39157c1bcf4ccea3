"""ASAM OpenSCENARIO XML 1.0 to 1.3: scenarios, catalogs and parameter value distributions.

Read in this order: files.py, reading.py, catalogs.py, grouping.py, variation.py, schema.py,
semantics.py.
"""
