"""Text that people typed: nothing invisible in it, and never too long."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shinesmile.core import text
from shinesmile.core.errors import Invalid

LABEL = "The name"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Carla Jensen \n", "Carla Jensen"),
        ("Carla\u202eneslaC", "CarlaneslaC"),
        ("\u2066Carla\u2069", "Carla"),
        ("Car\u200bla\ufeff", "Carla"),
        ("Car\u200dla", "Carla"),
        ("Car\u00adla", "Carla"),
        ("Carla\x00\x07\x1b[31m", "Carla[31m"),
        ("Carla\ud800", "Carla"),
        ("Carla\ue000", "Carla"),
        ("one\r\ntwo\tthree", "one\ntwo\tthree"),
        ("Zoe\u0308", "Zoë"),
        ("Zoe\u200b\u0308", "Zoë"),
        ("नमस्ते", "नमस्ते"),
        ("👩🏽‍⚕️ Dr Chidi", "👩🏽‍⚕️ Dr Chidi"),
        (None, ""),
        (7, ""),
        (["Carla"], ""),
    ],
)
def test_clean_takes_out_what_cannot_be_seen(typed: object, kept: str) -> None:
    assert text.clean(typed) == kept


@given(st.text())
def test_clean_text_stays_as_it_is_and_holds_no_control_character(typed: str) -> None:
    kept = text.clean(typed)
    assert text.clean(kept) == kept
    assert not {c for c in kept if unicodedata.category(c) in {"Cc", "Cs"}} - {"\n", "\t"}
    kept.encode()


@given(st.text(alphabet="a\u200b\u200e\u202a\u202e\u2060\u2066\u2069\ufeff"))
def test_no_two_names_differ_only_in_what_cannot_be_seen(typed: str) -> None:
    assert set(text.clean(typed)) <= {"a"}


def test_required_text_is_needed() -> None:
    fields: dict[str, str] = {}
    assert text.required(fields, "name", " \u200b ", LABEL, 5) == ""
    assert fields == {"name": "The name is needed."}


@pytest.mark.parametrize("read", [text.required, text.optional])
def test_too_long_text_is_refused_with_both_numbers(read: type[text.required]) -> None:  # type: ignore[valid-type]
    fields: dict[str, str] = {}
    assert read(fields, "name", "a" * 1000, LABEL, 1000) == "a" * 1000  # type: ignore[misc]
    assert not fields
    read(fields, "name", "a" * 10_000, LABEL, 1000)  # type: ignore[misc]
    assert fields == {"name": "The name can have at most 1,000 characters; this has 10,000."}


def test_optional_text_may_be_empty() -> None:
    fields: dict[str, str] = {}
    assert text.optional(fields, "note", None, "The note", 5) == ""
    text.refuse_if_any(fields)


def test_length_is_counted_after_cleaning() -> None:
    fields: dict[str, str] = {}
    assert text.required(fields, "name", "\u200b" * 50 + "Carla", LABEL, 5) == "Carla"
    assert not fields


def test_every_sentence_is_raised_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        text.refuse_if_any({"name": "one", "email": "two"})
    assert refused.value.fields == {"name": "one", "email": "two"}
