"""Kestrel Coffee: who works there, for whom, and on what, as it stands in `data/`."""

import tomllib
from pathlib import Path
from typing import Any

Record = dict[str, Any]

DATA = Path(__file__).parent / "data"


def read(name: str) -> Record:
    """One of the files."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


WORKSPACE: dict[str, str] = read("people")["company"]
"""What opens the workspace: the arguments of `domain.accounts.workspace_create`."""


def address(person: str) -> str:
    """The e-mail address of somebody whom the data names."""
    return f"{person}@{WORKSPACE['email'].partition('@')[2]}"
