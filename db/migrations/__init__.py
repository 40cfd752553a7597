"""Migrations of the database (Alembic); a fresh database is made from the tables directly."""
