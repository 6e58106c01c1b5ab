"""The book: SQLite or PostgreSQL through SQLAlchemy Core, and a twin in memory."""
