"""Passes that revise a decoded page: spacing, case, opening marks, accents."""
