"""Charts: functions of a frame that return a plotly figure; they compute no number that a reader could quote."""
