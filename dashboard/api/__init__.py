"""`/api/v1/`: the open read interface. Starlette only; what it reads is handed in, always with the public's eyes."""
