"""The pages of appointments."""

from shinesmile.appointments.pages import lists

PAGES = lists.PAGES
