"""Mails: a server of ours that the service sends them to, and their state: a plain store."""
