"""The pages of accounts."""

from shinesmile.accounts.pages import people, profile, signing_in

PAGES = (*signing_in.PAGES, profile.PAGE, people.PAGE)
