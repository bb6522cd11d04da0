"""The states of an appointment and the ways between them (DOMAIN.md §1), as data."""

from dataclasses import dataclass
from enum import StrEnum

from shinesmile.core.errors import Conflict
from shinesmile.core.permissions import Action


class Status(StrEnum):
    """Where an appointment stands."""

    REQUESTED = "requested"
    SCHEDULED = "scheduled"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    CHECKED_IN = "checked_in"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    NO_SHOW = "no_show"
    ENTERED_IN_ERROR = "entered_in_error"

    @property
    def label(self) -> str:
        """The status as people say it."""
        return self.replace("_", " ").capitalize()


class Waiting(StrEnum):
    """Where an entry of the waitlist stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    LEFT = "left"


OPEN = frozenset({Status.REQUESTED, Status.SCHEDULED, Status.CONFIRMED})
PRESENT = frozenset({Status.ARRIVED, Status.CHECKED_IN, Status.IN_PROGRESS})
# While it holds one of these, an appointment owns its practitioner's and its room's time.
CLAIMING = OPEN | PRESENT
RESTORABLE = frozenset({Status.CANCELLED, Status.NO_SHOW})


@dataclass(frozen=True, slots=True)
class Transition:
    """A verb's step: from where, to where, under which permission, with which guards."""

    verb: str
    sources: frozenset[Status]
    target: Status
    action: Action
    severity: str = "info"
    needs_reason: bool = False
    after_start: bool = False
    on_the_day: bool = False

    @property
    def label(self) -> str:
        """The verb as a button says it."""
        return self.verb.replace("_", " ").capitalize()


_ANY_BUT_ERROR = frozenset(Status) - {Status.ENTERED_IN_ERROR}
_BOOKED = frozenset({Status.SCHEDULED, Status.CONFIRMED})

TRANSITIONS = (
    Transition("approve", frozenset({Status.REQUESTED}), Status.SCHEDULED, Action.DECIDE),
    Transition(
        "decline",
        frozenset({Status.REQUESTED}),
        Status.DECLINED,
        Action.DECIDE,
        severity="warning",
        needs_reason=True,
    ),
    Transition("confirm", frozenset({Status.SCHEDULED}), Status.CONFIRMED, Action.BOOK),
    Transition("arrive", _BOOKED, Status.ARRIVED, Action.ATTEND, on_the_day=True),
    Transition("check_in", frozenset({Status.ARRIVED}), Status.CHECKED_IN, Action.ATTEND),
    Transition("start", frozenset({Status.CHECKED_IN}), Status.IN_PROGRESS, Action.ATTEND),
    Transition(
        "complete",
        frozenset({Status.IN_PROGRESS}),
        Status.COMPLETED,
        Action.ATTEND,
        severity="success",
    ),
    Transition(
        "no_show", _BOOKED, Status.NO_SHOW, Action.ATTEND, severity="warning", after_start=True
    ),
    Transition(
        "cancel",
        OPEN | PRESENT,
        Status.CANCELLED,
        Action.BOOK,
        severity="warning",
        needs_reason=True,
    ),
    Transition(
        "enter_in_error",
        _ANY_BUT_ERROR,
        Status.ENTERED_IN_ERROR,
        Action.DELETE,
        severity="error",
        needs_reason=True,
    ),
)
BY_VERB = {transition.verb: transition for transition in TRANSITIONS}


def step(verb: str, status: Status) -> Transition:
    """The transition that a verb means from a status; raises Conflict when there is none."""
    transition = BY_VERB.get(verb)
    if transition is None or status not in transition.sources:
        said = verb.replace("_", " ")
        raise Conflict(f"This appointment is {status.label.lower()}: it cannot {said} now.")
    return transition
