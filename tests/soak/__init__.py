"""Years of the bot on virtual time: what is announced, what is kept, how much memory it takes."""
