"""The one exception of the build: a sentence for the user."""


class BuildError(Exception):
    """What went wrong and what to do, in one sentence."""
