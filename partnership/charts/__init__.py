"""Charts: functions of a frame that return a figure; they compute no number that a reader could quote."""
