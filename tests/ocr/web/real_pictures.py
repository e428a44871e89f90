"""Loaded by Schemathesis: the pictures and PDFs that it sends are some."""

import io

import schemathesis
from hypothesis import strategies as st
from PIL import Image, ImageDraw


def _picture(kind: str) -> bytes:
    image = Image.new("L", (36, 32), 255)
    ImageDraw.Draw(image).text((9, 4), "A", fill=0, font_size=22)
    file = io.BytesIO()
    image.save(file, kind, resolution=300)
    return file.getvalue()


schemathesis.openapi.media_type("image/png", st.just(_picture("png")))
schemathesis.openapi.media_type("application/pdf", st.just(_picture("pdf")))
