"""What an operator can do from the command line; each command imports what it needs when it is called."""
