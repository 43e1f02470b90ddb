"""Errors that cross module borders.

Whether trying again can help is a property of the error, not of who catches it.
"""

from __future__ import annotations


class MeshError(Exception):
    """The base of MeshAI's errors.

    Attributes:
        code: a stable short name for machines (logs, metrics, dead letters).
        retryable: whether the same attempt may succeed later.
        patience: after how many failures a wake-up that meets it is parked; None for never, where
            only waiting helps.
    """

    code = "error"
    retryable = False
    patience: int | None = 5


class StaleWriteError(MeshError):
    """Somebody else wrote to the lane since it was read: reload and decide again."""

    code = "stale_write"
    retryable = True
    patience = None


class LogUnavailableError(MeshError):
    """The log did not acknowledge in time.

    The write may or may not have happened; repeating it is safe.
    """

    code = "log_unavailable"
    retryable = True
    patience = None


class MalformedCommitError(MeshError):
    """A message on the log cannot be read as a commit."""

    code = "malformed_commit"


class ModelError(MeshError):
    """The model gave no usable answer."""

    code = "model_error"
    retryable = True
    patience = None

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        """Keeps how long the provider asks to wait, in seconds."""
        super().__init__(message)
        self.retry_after = retry_after


class UnusableAnswerError(ModelError):
    """The provider answered, but not usably for this prompt: blocked, empty, cut off, not JSON.

    It may go on answering like that: the caller should have something else to say.
    """

    code = "unusable_answer"


class CannotHearError(ModelError):
    """The model takes no recordings, or not this kind."""

    code = "cannot_hear"
    retryable = False


class UnusableModelError(MeshError):
    """The model that the settings name cannot be asked from here. Says what to do."""

    code = "unusable_model"


class UnknownCampaignError(MeshError):
    """A message names a campaign that is not on the log."""

    code = "unknown_campaign"
