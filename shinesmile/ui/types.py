"""The few types that the design system's functions share."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import reflex as rx

#: Text known now or in the browser.
Text: TypeAlias = str | rx.Var[str] | rx.Var[Any]

#: Anything that may stand inside an element.
Content: TypeAlias = rx.Component | rx.Var[Any] | str | int

#: An event handler, an event spec, or a list of them.
Handler: TypeAlias = Any

#: One element of a list Var inside rx.foreach; its attributes are Vars.
Item: TypeAlias = Any

RenderRow: TypeAlias = Callable[[Item], rx.Component]
Contents: TypeAlias = Sequence[Content]


def is_blank(text: Text) -> bool:
    """Whether the text is known now and empty; a Var is never blank."""
    return isinstance(text, str) and not text
