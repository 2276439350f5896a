"""How a running Shoal lets itself be looked at: metrics and health over HTTP, logs as JSON."""
