"""The kinds of service, and which practitioners perform them."""

from enum import StrEnum

from shinesmile.core.scope import Role


class ServiceKind(StrEnum):
    """What a service needs: a profession and a kind of room."""

    DENTAL = "dental"
    OPTICAL = "optical"

    @property
    def performed_by(self) -> Role:
        """The role that performs services of this kind."""
        return Role.DENTIST if self is ServiceKind.DENTAL else Role.OPTOMETRIST
