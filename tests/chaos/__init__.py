"""The bot killed at random, again and again, between two loopback servers."""
