"""What is served over HTTP: evidence pages and feeds, health and metrics."""
