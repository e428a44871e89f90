"""Strings to draw for training, made of a fixed set of characters."""

CHARACTERS = (
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,;:!?'\"-()/&@#$%+=*_[]{}<>~^|\\€£°"
)
