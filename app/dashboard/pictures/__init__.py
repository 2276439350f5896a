"""Pictures as pure functions: values in, a figure out. No page, no database, no clock."""
