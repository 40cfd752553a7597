"""Paper and files: setting documents, drawing letters, and putting both where they belong."""
