"""What is judged again once a page has been decoded: spacing, case, opening marks, accents."""
