"""What members are told about anonymity, what they may settle for themselves, and the guard against client details."""
