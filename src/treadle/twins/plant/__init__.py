"""A simulated plant: it plays a programme and tells Treadle, in EPCIS 2.0, what happened.

Reading order: ``programme`` (what the user wrote), ``identifiers`` (how things are called),
``schedule`` (when), ``events`` (what is said), ``parts`` (suppliers and stock), ``line`` (the
plant), ``field`` (dealers and workshops), ``play`` (all of it in order), ``sender`` (the way out).

Run it with ``python -m treadle.twins.plant --programme FOLDER --api URL --key KEY``.
"""
