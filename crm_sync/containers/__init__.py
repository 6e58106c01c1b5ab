"""From bytes to raw tables: text files, workbooks, JSON, each behind limits."""
