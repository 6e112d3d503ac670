"""What people type in Discord, one topic a file; files that begin with `_` are helpers."""
