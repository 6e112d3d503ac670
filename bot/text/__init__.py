"""What people read: sentences, numbers and messages built from facts (pure)."""
