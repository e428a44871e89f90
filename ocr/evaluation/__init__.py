"""How well pictures are read whose text is known, beside other readers: what ``ocr eval`` is made of."""
