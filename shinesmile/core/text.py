"""Text that people typed, made safe to keep: trimmed, bounded, without invisible tricks."""

import unicodedata

from shinesmile.core.errors import Invalid

# Bidirectional overrides and zero-width characters can make one name look like another.
_INVISIBLE = {"Cf", "Cc", "Cs", "Co", "Cn"}
_KEPT = {"\n", "\t"}
# Emoji and Indic conjuncts are joined by one; between letters it only hides.
_JOINER = "\u200d"
_JOINED = {"So", "Sk", "Mn", "Mc"}


def clean(value: object) -> str:
    """The text without control, bidirectional and zero-width characters, trimmed."""
    text = value if isinstance(value, str) else ""
    kept: list[str] = []
    for c in text:
        joins = c == _JOINER and kept and unicodedata.category(kept[-1]) in _JOINED
        if joins or c in _KEPT or unicodedata.category(c) not in _INVISIBLE:
            kept.append(c)
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def required(fields: dict[str, str], name: str, value: object, label: str, limit: int) -> str:
    """The cleaned text; notes a sentence in `fields` when it is empty or too long."""
    text = clean(value)
    if not text:
        fields[name] = f"{label} is needed."
    return _bounded(fields, name, text, label, limit)


def optional(fields: dict[str, str], name: str, value: object, label: str, limit: int) -> str:
    """The cleaned text, perhaps empty; notes a sentence in `fields` when it is too long."""
    return _bounded(fields, name, clean(value), label, limit)


def _bounded(fields: dict[str, str], name: str, text: str, label: str, limit: int) -> str:
    if len(text) > limit:
        fields[name] = f"{label} can have at most {limit:,} characters; this has {len(text):,}."
    return text


def refuse_if_any(fields: dict[str, str]) -> None:
    """Raise Invalid with every sentence that was noted."""
    if fields:
        raise Invalid("Please check the marked fields.", fields)
