"""The report of a week or a month: first its numbers and sentences (`Report`), then what writes
them as a page, as Markdown and as JSON."""
