"""What a person names as a source -> one file on this disk: links, folders, globs, standard input."""

from crm_sync.sources.access import Access, Patience
from crm_sync.sources.newest import Readable
from crm_sync.sources.places import Found, find, is_elsewhere, modified_of, source_of

__all__ = ["Access", "Found", "Patience", "Readable", "find", "is_elsewhere", "modified_of", "source_of"]
