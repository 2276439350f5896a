"""Who is about to stay away: a model of past customers' silence, and how far to believe it."""
