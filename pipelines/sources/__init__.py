"""From files and arrays to pixels."""
