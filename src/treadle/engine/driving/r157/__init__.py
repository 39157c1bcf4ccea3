"""UN R157: four models of a driver's last seconds, and three families of cases.

tables (what they see, their settings and variants), fuzzy (metrics), risk (unsafe or not), braking
(the answer), step (one sample), then the families cut_in, car_following, cut_out; and drivers: the
same models as drivers under test, anywhere.
"""
