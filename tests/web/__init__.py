"""The evidence pages, and how they are served."""
