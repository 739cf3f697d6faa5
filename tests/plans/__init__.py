"""Plans of other shapes than the sample county."""
