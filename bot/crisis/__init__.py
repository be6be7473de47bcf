"""The crisis screen: who is speaking, how worried to be, and what happens next.

Everything in this package is pure: text in, decisions out. Files are read once, at load.
"""
