"""The command ``nn``."""
