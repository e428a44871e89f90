"""From glyphs to words: the networks, the language, the lattice and its decoder."""
