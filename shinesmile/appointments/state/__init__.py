"""The states of booking and of every list of appointments."""
