"""The tables of the local CRM and the SQL that reads and writes them; imports SQLAlchemy."""
