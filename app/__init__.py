"""Where it all meets: the command line and what it is wired from."""
