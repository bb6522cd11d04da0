"""The clinic that these tests work in."""

from tests.clinic import clinic as clinic
from tests.clinic import now as now
