"""Carrying out what the crisis screen decides: privately, at once, and each consequence on its own."""
