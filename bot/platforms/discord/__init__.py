"""The door to Discord: its messenger, its client, and what the cogs need to be thin."""
