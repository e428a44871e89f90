"""What can go wrong between a source and its glyphs."""


class PictureError(ValueError):
    """A picture cannot be read.

    Its message is one line: the source, what is wrong with it and, where there is something, what to do.
    """
