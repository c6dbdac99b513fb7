// The profile follows.
