"""What brings events: schedules, webhooks. What comes becomes an arrival of the host."""
