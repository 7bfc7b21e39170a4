"""The event log: one event per action, in the same transaction."""
