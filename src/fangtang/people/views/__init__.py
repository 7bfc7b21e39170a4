"""The pages about people, posts and units, the log for auditors, one's own account, and choosing a password by invitation."""
