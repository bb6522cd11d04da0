"""What touches a view of appointments."""

from shinesmile.core.permissions import Action, hearing
from shinesmile.core.scope import Scope


def appointment_topics(scope: Scope) -> frozenset[str]:
    """What touches the appointments that this account sees."""
    return frozenset(f"appointment:{topic}" for topic in hearing(scope, Action.SEE_APPOINTMENTS))
