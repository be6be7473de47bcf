"""The schema's history, one revision a file, applied in-process by `bot.storage.migration`.

To change the schema: change the tables, add `versions/NNNN_what_changes.py` after the pattern of the newest one
(`revision`, `down_revision`, `upgrade`), and run `tests/contracts/test_migrations.py`, which prints what tables and
revisions still disagree on. A released revision never changes. There are no downgrades: the way back is a backup.
"""
