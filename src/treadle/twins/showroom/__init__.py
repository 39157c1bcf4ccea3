"""The office and the showrooms of a programme: they release its documents and take its orders.

They stand outside and speak the public HTTP API alone, as the plant's twin does. Read in this
order: wishes.py, orders.py, __main__.py.
"""
