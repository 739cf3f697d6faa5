"""The private house behind :mod:`partnership.goals`: SMART rules, lineage from work up."""
