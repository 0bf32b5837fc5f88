"""What published workflows may refuse, as the tree of refusals goes on."""

from domain.errors import DomainError


class OutcomeMissing(DomainError):
    """Nobody has said yet what came of this task. Give it an outcome first."""


class IndicatorsMissing(DomainError):
    """These indicators must be captured first: {indicators}. Capture them, or have them no longer required."""


class ReleasedByYou(DomainError):
    """You released this task, and this step needs a second person. Ask another supervisor."""


class WorkflowInUse(DomainError):
    """New tasks of {places} get the workflow {workflow}. Let them get another one first."""
