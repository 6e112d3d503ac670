"""Hostile payloads and hostile people, by seed."""
