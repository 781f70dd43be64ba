"""The worlds behind the page: what lives, what is remembered of it, and the thread that moves it."""
