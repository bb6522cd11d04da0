"""Refusals that are expected: each carries a sentence for the person who asked."""

from collections.abc import Sequence


class Refusal(Exception):
    """Something the product declines to do, and why, in words for the user."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class SignedOut(Refusal):
    """Nobody is signed in, or the session has ended."""

    def __init__(self, sentence: str = "Please sign in to continue.") -> None:
        super().__init__(sentence)


class Forbidden(Refusal):
    """The account may not do this."""

    def __init__(self, sentence: str = "Your account is not allowed to do this.") -> None:
        super().__init__(sentence)


class NotFound(Refusal):
    """Absent, or not this account's to see: the two look alike on purpose."""

    def __init__(self, sentence: str = "This does not exist, or it is not yours to see.") -> None:
        super().__init__(sentence)


class Invalid(Refusal):
    """Input that cannot be accepted; `fields` holds a sentence for each field's name."""

    def __init__(self, sentence: str, fields: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.fields = fields or {}

    @classmethod
    def field(cls, name: str, sentence: str) -> "Invalid":
        """A refusal of a single field."""
        return cls(sentence, {name: sentence})


class Conflict(Refusal):
    """Somebody was quicker, or the record has moved on; `alternatives` may help."""

    def __init__(self, sentence: str, alternatives: Sequence[str] = ()) -> None:
        super().__init__(sentence)
        self.alternatives = list(alternatives)


class TooMany(Refusal):
    """Too many attempts; `retry_after` is in seconds."""

    def __init__(self, sentence: str, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after
