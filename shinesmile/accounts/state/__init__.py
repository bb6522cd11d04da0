"""The states of signing in, of the session that all pages share, and of accounts."""
