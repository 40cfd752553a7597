"""The roster: units, groups and people, and finding them by what one types."""
