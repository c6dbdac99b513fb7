// Workflows follow.
