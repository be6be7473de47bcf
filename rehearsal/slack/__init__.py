"""Slack's Web API and Socket Mode on this machine, as far as an unmodified slack-bolt needs them."""
