"""The rules of the academy, as plain verbs. No Flask, no HTTP, no commit."""
