"""Plain Python, and the conversation with the service over a socket."""
