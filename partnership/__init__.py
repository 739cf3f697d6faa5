"""Plan and account together: the toolkit of a multi-agency partnership."""
