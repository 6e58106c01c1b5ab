"""Letters beyond ASCII by language, to tell the single-byte encodings apart by what they would spell."""

from __future__ import annotations

import re

_SMALL = "ß-öø-ÿąćęłńóśźżčďěňřšťůžőűğışţăа-яёα-ωά-ώ"
_CAPITAL = "À-ÖØ-ÞĄĆĘŁŃŚŹŻČĎĚŇŘŠŤŮŽŐŰĞİŞŢĂА-ЯЁΑ-Ω"
_ODD = re.compile(f"[{_SMALL}](?=[{_CAPITAL}])|[a-z](?=[Α-ωΆ-ώА-я])|[Α-ωΆ-ώА-я](?=[a-z])")
_SIGNS = frozenset("\u00a0«»“”„‘’‚–—…•·°€£§©®™¿¡′″✓→")

# In the order of preference where two encodings spell equally well. A mixture of languages spells a little
# worse than one language alone.
_ALPHABETS: tuple[tuple[str, float, str], ...] = (
    ("cp1252", 1.0, "".join(_SIGNS)),
    ("cp1252", 1.0, "äöüß"),
    ("cp1252", 1.0, "àâçéèêëîïôùûüœæÿ"),
    ("cp1252", 1.0, "áéíóúüñºª"),
    ("cp1252", 1.0, "áâãàçéêíóôõúüºª"),
    ("cp1252", 1.0, "àèéìíòóùúî"),
    ("cp1252", 1.0, "åäöæøé"),
    ("cp1252", 1.0, "áéèëïíóöüú"),
    ("cp1250", 1.0, "áčďéěíňóřšťúůýž"),
    ("iso8859_2", 1.0, "áčďéěíňóřšťúůýž"),
    ("cp1250", 1.0, "ąćęłńóśźż"),
    ("iso8859_2", 1.0, "ąćęłńóśźż"),
    ("cp1250", 1.0, "áäčďéíĺľňóôŕšťúýž"),
    ("cp1250", 1.0, "áéíóöőúüű"),
    ("iso8859_2", 1.0, "áéíóöőúüű"),
    ("cp1254", 1.0, "çğıöşüâîû"),
    ("cp1250", 1.0, "čćđšž"),
    ("cp1250", 1.0, "ăâîşţ"),
    ("cp1252", 1.0, "áéíóúýþæöð"),
    ("cp1252", 0.97, "àáâãäåæçèéêëìíîïñòóôõöøùúûüœßÿºª"),
    ("cp1250", 0.94, "ąćęłńóśźżáčďéěíňřšťúůýžäöüß"),
    ("cp1251", 1.0, "абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ№"),
    ("cp1253", 1.0, "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΐΰ"),
)


def spelling(sample: bytes) -> dict[str, float]:
    """Return how well each encoding spells the bytes above 127 of a sample: 1.0 is one language's letters."""
    scores: dict[str, float] = {}
    texts = {encoding: _decoded(sample, encoding) for encoding in {each[0] for each in _ALPHABETS}}
    for encoding, weight, letters in _ALPHABETS:
        foreign = [char for char in texts[encoding] if not char.isascii()]
        if foreign:
            known = frozenset(letters + letters.upper() + "İ")
            right = sum(_worth(char, known) for char in foreign) - _odd_pairs(texts[encoding])
            scores[encoding] = max(scores.get(encoding, 0.0), weight * right / len(foreign))
    return scores


def _worth(char: str, letters: frozenset[str]) -> float:
    return 1.0 if char in letters else 0.9 if char in _SIGNS else 0.0


def _odd_pairs(text: str) -> int:
    """Count what no word has: a capital right after a small letter, and two scripts mixed."""
    return len(_ODD.findall(text))


def _decoded(sample: bytes, encoding: str) -> str:
    try:
        return sample.decode(encoding)
    except UnicodeDecodeError:
        return ""
