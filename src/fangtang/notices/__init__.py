"""What the system tells a person: kept as rows, sent by mail."""
