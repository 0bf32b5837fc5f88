"""The limit: what a hand-written endpoint for each question can do, with the same rows, rights and login."""
