"""Training to look at: reports, plots and comparisons."""
