"""PostGraphile 5, from npm: where it is, how it gets there, and what it needs in the database."""

import json
from pathlib import Path
from subprocess import run

import asyncpg

HERE = Path(__file__).parent
NODE = HERE / "node_modules/node/bin/node"
SETUP = HERE / "setup.sql"


def installed() -> bool:
    """Say whether it is there."""
    return NODE.exists()


def versions() -> dict[str, str]:
    """Say which versions are there."""
    packages = {name: HERE / "node_modules" / name / "package.json" for name in ("postgraphile", "node")}
    return {name: str(json.loads(path.read_text())["version"]) for name, path in packages.items()}


def install() -> None:
    """Install what the lock file names, Node included, into the git-ignored folder node_modules; npm is needed."""
    run(["npm", "ci", "--no-audit", "--no-fund"], cwd=HERE, check=True)


async def set_up(database_url: str) -> None:
    """Give the database the rights and names that PostGraphile reads from it; nobody else notices."""
    connection = await asyncpg.connect(database_url)
    await connection.execute(SETUP.read_text())
    await connection.close()
