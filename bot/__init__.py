"""Everything of Rankshift that is neither a Discord command nor a database."""
