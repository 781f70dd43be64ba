"""The worlds behind the page: what lives, what is remembered, and the thread that moves it."""
