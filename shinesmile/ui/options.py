"""An option of a select, as states hold it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """The value that is sent and the label that is read."""

    value: str
    label: str
