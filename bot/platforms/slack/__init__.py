"""The door to Slack: its messenger, its app, and one module of handlers a feature. Imported only where it is used."""
