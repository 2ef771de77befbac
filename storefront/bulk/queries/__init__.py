"""A facility's imports, and what it takes out as a table. Every query starts at the facility."""
