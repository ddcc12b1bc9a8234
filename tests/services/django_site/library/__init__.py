"""A library's site: sign-up by mail, requests by form, imports by upload, and an API by key."""
