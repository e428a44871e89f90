"""What kinds of pictures are read, and what their files are called."""

from __future__ import annotations

KINDS = "JPEG, PNG, TIFF, BMP, WebP, GIF, HEIC, AVIF, JPEG 2000, PNM, TGA, PCX, ICO or PDF"

PICTURES = (
    *(".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif", ".heic", ".heif", ".avif"),
    *(".jp2", ".j2k", ".jpx", ".j2c", ".pgm", ".ppm", ".pbm", ".pnm", ".tga", ".pcx", ".ico"),
)
"""All but PDF; where there are several of one name, the first is the one that is meant."""
EVERY = frozenset({*PICTURES, ".pdf"})
"""What is taken out of a folder."""
