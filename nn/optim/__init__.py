"""Optimizers, and schedules of their rate."""
