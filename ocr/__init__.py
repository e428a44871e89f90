"""Reads hand-printed letters and plain print from photos and scans."""
