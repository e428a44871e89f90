"""Where text runs on a picture."""
