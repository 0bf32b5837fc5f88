"""What an answer says, whatever names and spellings its server has: so answers of different servers are compared.

A bench that compares bytes would forbid PostGraphile its own ids, numbers and instants.
"""

import re
from datetime import datetime
from typing import Any

from models.tasks import Priority

ID = re.compile(r"(?:[a-z]+_)?([0-9a-f]{32})")
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT.*")
ABSENT: tuple[Any, ...] = (None, {}, [])


def facts(answer: Any, name: str = "") -> Any:
    """Return an answer in one spelling, without what tells one task to be claimed from another."""
    if isinstance(answer, dict):
        return _object(answer)
    if isinstance(answer, list):
        return [facts(each, name) for each in answer]
    if name == "key":
        return int(str(answer).removeprefix("T-"))
    if name == "priority" and isinstance(answer, int):
        return Priority(answer).name
    if name == "openTasks":
        return {"totalCount": int(answer)}
    return _text(answer) if isinstance(answer, str) else answer


def _object(answer: dict[str, Any]) -> dict[str, Any]:
    """Leave out cursors, which are each server's own, and take the one of two targets that is there."""
    known = {name: facts(value, name) for name, value in answer.items() if name not in {"endCursor", "otherwise"}}
    for claim in {"taskClaim", "taskClaimNext"} & known.keys():
        known[claim]["task"] |= {"id": None, "key": None}
    if "target" in known and known["target"] in ABSENT:
        known["target"] = facts(answer.get("otherwise")) or None
    return known


def _text(text: str) -> object:
    if UUID.fullmatch(text):
        return text.replace("-", "")
    if found := ID.fullmatch(text):
        return found[1]
    return datetime.fromisoformat(text) if INSTANT.fullmatch(text) else text
