"""What questions are answered with: figures as values, without words, one question a file."""
