"""`doctor`: one line for everything that the bot stands on, each with what to do where something is wrong."""
