"""Choosing people for work."""

from uuid import UUID

from domain import policy, tokens
from domain.errors import Forbidden, InvalidInput, Required
from domain.principal import Principal
from domain.statements import table
from domain.work import Work
from models.accounts import User
from models.rows import Row


async def chosen(work: Work, user_id: UUID | None, action: str, *, path: tuple[str, ...]) -> User:
    """The active person for whom something is done: whoever acts, unless they name somebody in their reach."""
    by = work.by
    whom = user_id or by.id
    if whom is None:
        raise Required(path=path, field="User")
    user = await work.see(User, whom, path=path)
    if not reaches(by, user.id):
        who = f"{user.name}, the supervisors above them and admins"
        raise Forbidden(path=path, action=f"{action} {user.name}", who=who)
    if not user.active:
        raise InvalidInput(path=path, reason=f"{user.name} is not active")
    return user


def reaches(by: Principal, user_id: UUID) -> bool:
    """Whether a person may do something for another one."""
    return by.reaches_all or by.is_one_of(user_id) or user_id in by.people


async def sees(work: Work, user_id: UUID, row: Row) -> bool:
    """Whether a person is active and sees a row."""
    person = await tokens.of_user(user_id)
    if person is None:
        return False
    place = table(type(row))
    seen, values = policy.bind(person, place, t="t", first=2)
    return bool(await work.fetch(f"select from {place} t where t.id = $1 and {seen}", row.id, *values))
