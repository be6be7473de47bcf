"""Carrying out what comes due: claimed once, tried until it is done, reported when it does not go."""
