"""What the operator can see of a running bot: logs, health and metrics. None of it carries anybody's words."""
