"""Where things are kept: tables, the stores that implement `bot.ports`, migrations, keys and backups."""
