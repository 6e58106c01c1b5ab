"""A brief as HTML for CRMs: paragraphs and line breaks, everything else escaped."""

from __future__ import annotations

from html import escape

from crm_sync.cadence.brief import Brief
from crm_sync.cadence.brief_text import as_plain


def as_html(brief: Brief, marker: str, *, with_private: bool = False) -> str:
    """Return the brief as ``<p>`` and ``<br>``, ending with a paragraph that holds the marker.

    It holds no time of day, so that it stays the same from run to run. Private lines stay in the house
    unless *with_private* allows them.
    """
    text = escape(as_plain(brief, marker, with_private=with_private))  # lines hold no breaks of their own
    return "<p>" + text.replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>"
