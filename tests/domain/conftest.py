"""Property tests of the rules: a fixed sample, the same at every run; the long campaigns are elsewhere."""

from hypothesis import settings

settings.register_profile("regles", max_examples=30, deadline=None, derandomize=True)
settings.load_profile("regles")
