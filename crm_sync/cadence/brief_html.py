"""A brief as HTML for CRMs: paragraphs and line breaks, everything else escaped."""

from __future__ import annotations

from functools import lru_cache
from html import escape

from crm_sync.cadence.brief import Brief
from crm_sync.cadence.brief_lines import Section
from crm_sync.cadence.brief_text import section_text


def as_html(brief: Brief, marker: str, *, with_private: bool = False) -> str:
    """Return the brief as ``<p>`` and ``<br>``, ending with a paragraph that holds the marker.

    It holds no time of day, so that it stays the same from run to run. Private lines stay in the house
    unless *with_private* allows them.
    """
    told = [
        _rendered_once(section, with_private) if section.standing else _rendered(section, with_private)
        for section in brief.sections
    ]
    return "<p>" + "</p><p>".join([*filter(None, told), escape(marker)]) + "</p>"


def _rendered(section: Section, with_private: bool) -> str:
    html = escape(section_text(section, with_private)).replace("\n", "<br>")  # lines hold no breaks
    if html.isascii():
        return html
    # As entities, for then the bodies of most tasks are ASCII: half the memory, and quicker at every step.
    return html.replace("“", "&ldquo;").replace("”", "&rdquo;").replace("é", "&eacute;")


_rendered_once = lru_cache(maxsize=1024)(_rendered)
