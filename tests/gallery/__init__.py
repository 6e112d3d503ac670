"""Pictures of the bot's answers as Discord shows them, for docs/commands.md."""
