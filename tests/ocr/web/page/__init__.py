"""Tests of the page in one package, so that its browser is gone once they are done."""
