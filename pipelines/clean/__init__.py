"""From pixels to ink: light, thresholds, colours, geometry."""
