"""Reports, plots and comparisons of training."""
