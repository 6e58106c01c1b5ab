"""A brief as HTML for CRMs: paragraphs and line breaks, everything else escaped."""

from __future__ import annotations

from html import escape

from crm_sync.cadence.brief import Brief
from crm_sync.cadence.brief_text import told


def as_html(brief: Brief, marker: str, *, with_private: bool = False) -> str:
    """Return the brief as ``<p>`` and ``<br>``, ending with a paragraph that holds the marker.

    It holds no time of day, so that it stays the same from run to run. Private lines stay in the house
    unless *with_private* allows them.
    """
    blocks = ["\n".join((section.title, *lines)) for section, lines in told(brief, with_private)]
    text = escape("\n\n".join((*blocks, marker)))  # lines hold no line breaks of their own
    return "<p>" + text.replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>"
