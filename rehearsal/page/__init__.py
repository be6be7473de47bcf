"""The web page of the rehearsal: the chat as the people in it see it."""
