"""A page as its feature describes it; the composition root puts the frame around it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import reflex as rx

from .types import Handler


@dataclass(frozen=True)
class Page:
    """A route, its content and what happens when it is opened.

    `public` pages bring their own frame; the others stand in the shell of signed-in pages.
    """

    route: str
    title: str
    content: rx.Component
    on_load: Sequence[Handler] = ()
    subtitle: str | rx.Var = ""
    actions: Sequence[rx.Component] = field(default_factory=tuple)
    public: bool = False
