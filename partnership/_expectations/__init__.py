"""The private house behind :mod:`partnership.expectations`: common rates, kinds of gap, what adds up."""
