"""Training: one loop, for glyphs and for strips."""
