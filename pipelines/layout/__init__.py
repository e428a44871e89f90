"""From ink to lines, words and candidate letters."""
