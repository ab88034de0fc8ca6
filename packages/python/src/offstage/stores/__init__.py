"""Stores: the same rows in a file of SQLite, or in PostgreSQL."""
