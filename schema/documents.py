"""Documents made ready to run: parsed, measured and validated once, then remembered by their text."""

import asyncio
import re
from dataclasses import replace

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLSchema,
    GraphQLSyntaxError,
    KnownDirectivesRule,
    NoUndefinedVariablesRule,
    NoUnusedVariablesRule,
    OverlappingFieldsCanBeMergedRule,
    UniqueDirectivesPerLocationRule,
    UniqueVariableNamesRule,
    ValidationContext,
    VariablesAreInputTypesRule,
    VariablesInAllowedPositionRule,
    parse,
    specified_rules,
    validate,
)
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from schema.compiler.direct import direct
from schema.faults import BadUserInput, Fault, LimitExceeded, ParseFailed, Rejected, ValidationFailed
from schema.limits import Limits, Operation, Survey

COMPARISONS = 20_000
"""How many steps the comparison of equally named fields may take: 25 ms, where graphql-core allows 700 ms."""

_NUL = re.compile(r"\0|(?<!\\)(?:\\\\)*\\u(?:0000|\{0+\})")


class BoundedOverlap(OverlappingFieldsCanBeMergedRule):
    """The rule of the specification with a smaller budget: it is the only one that is not linear."""

    def __init__(self, context: ValidationContext) -> None:
        """Start with `COMPARISONS` to spend."""
        super().__init__(context)
        self.rule_context.remaining_complexity_budget = COMPARISONS


RULES = (
    *(BoundedOverlap if rule is OverlappingFieldsCanBeMergedRule else rule for rule in specified_rules),
    MaybeNullValidationRule,
    OneOfInputValidationRule,
)

SIGNS: dict[type[ASTValidationRule], str] = {
    UniqueVariableNamesRule: "$",
    VariablesAreInputTypesRule: "$",
    NoUndefinedVariablesRule: "$",
    NoUnusedVariablesRule: "$",
    VariablesInAllowedPositionRule: "$",
    KnownDirectivesRule: "@",
    UniqueDirectivesPerLocationRule: "@",
    MaybeNullValidationRule: "null",
}
"""Rules that find nothing where this is absent, and are slow: those of variables walk through all of it once more."""

LONG = 1_000
"""From how many characters on a new document is prepared in a thread, so that others are answered meanwhile."""

Operations = dict[str | None, Operation]


class Documents:
    """The documents of one schema; a repeated text costs a dictionary lookup, also one that is refused."""

    def __init__(self, schema: GraphQLSchema, limits: Limits) -> None:
        """Remember the last `limits.documents` documents, and what became of each."""
        self.schema = schema
        self.limits = limits
        self._known: dict[str, Operations | Fault | Rejected] = {}

    async def operation(self, text: str, name: str | None) -> Operation:
        """Find the operation to run; raise a `Fault`, or `Rejected` with all that validation found."""
        operations = self._known.pop(text, None)
        if operations is None:
            operations = await self._first_seen(text)
            if len(self._known) >= self.limits.documents:
                del self._known[next(iter(self._known))]
        self._known[text] = operations
        if isinstance(operations, Exception):
            raise operations.with_traceback(None)
        if name is None and len(operations) == 1:
            return next(iter(operations.values()))
        if name is not None and name in operations:
            return operations[name]
        choice = ", ".join(name for name in operations if name) or "none has a name"
        raise BadUserInput(f"`operationName` must name one operation of the document: {choice}.")

    async def _first_seen(self, text: str) -> Operations | Fault | Rejected:
        if len(text) > self.limits.characters:
            raise LimitExceeded("characters", len(text), self.limits.characters)
        try:
            return await asyncio.to_thread(self._prepare, text) if len(text) > LONG else self._prepare(text)
        except (Fault, Rejected) as refusal:
            return refusal

    def _prepare(self, text: str) -> Operations:
        if _NUL.search(text):
            raise ParseFailed("The document contains the character U+0000, which no text may contain.")
        document = self._parse(text)
        operations = Survey(self.schema, document, self.limits).operations()
        rules = tuple(rule for rule in RULES if SIGNS.get(rule, "") in text)
        errors = validate(self.schema, document, rules)
        if errors and errors[-1].message == "Validation aborted.":
            raise LimitExceeded("comparisons", f"more than {COMPARISONS}", COMPARISONS)
        if errors:
            raise Rejected([ValidationFailed(error.message, at=error) for error in errors])
        return {
            name: replace(each, direct=direct(self.schema, document, each.node)) for name, each in operations.items()
        }

    def _parse(self, text: str) -> DocumentNode:
        tokens = self.limits.tokens
        try:
            return parse(text, max_lexical_tokens=tokens, max_comments=tokens, allow_empty_selection_sets=False)
        except GraphQLSyntaxError as error:
            if "Parsing aborted" not in error.message:
                raise ParseFailed(error.message, at=error) from None
            limit, allowed = ("depth", self.limits.depth) if "nested" in error.message else ("tokens", tokens)
            raise LimitExceeded(limit, f"more than {allowed}", allowed) from None
