"""Definitions that are no longer in force, and stay answerable: a finalised scorecard keeps the ones it was made with.

Whoever changes what a KPI means moves its declaration here as it stands, and declares the next version in its room. The
measures that it needs stay as they are; a change of what a measure observes is a new measure with a code of its own.
"""

from domain.kpi.kpi import Kpi

KPIS: tuple[Kpi, ...] = ()
