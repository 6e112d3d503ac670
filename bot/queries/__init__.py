"""What commands, the terminal and pages ask: answers as values, one question a file."""
