"""What every room shares: messages, the log, profiles and models. Depends on nobody here."""
