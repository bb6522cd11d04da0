"""The live views of appointments."""
