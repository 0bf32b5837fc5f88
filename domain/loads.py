"""What tasks weigh and people carry: whoever has a capacity takes no more than fits."""

from dataclasses import dataclass

from domain.errors import DomainError, OverCapacity

WEIGHT = (
    "coalesce((select c.weight from custom_task_types c where c.id = {t}.custom_type_id),"
    " (select w.weight from task_weights w where w.workspace_id = {t}.workspace_id and w.type = {t}.type), 1)"
)
LOAD = (
    "(select coalesce(sum(coalesce(c.weight, w.weight, 1)), 0)::int from tasks h"
    " left join custom_task_types c on c.id = h.custom_type_id"
    " left join task_weights w on w.workspace_id = h.workspace_id and w.type = h.type"
    " where h.assignee_id = {user} and h.status in ('PENDING', 'IN_PROGRESS') and h.deletion_id is null)"
)
"""What a person carries; what they released waits for somebody else."""
OWN = {
    "capacity": "(select u.capacity from users u where u.id = {me})",
    "load": f"(select {LOAD.replace('{user}', 'u.id')} from users u where u.id = {{me}} and u.capacity is not null)",
    "weight": WEIGHT,
}
"""What decides whether a task fits the person who looks at it, as SQL over `{t}` and `{me}`."""


@dataclass(frozen=True, slots=True)
class Room:
    """What a person who has a capacity carries, and what one more task would add."""

    name: str
    load: int
    capacity: int
    weight: int

    def lacks(self, *path: str) -> tuple[DomainError, ...]:
        """Why the task does not fit, if it does not."""
        if self.load + self.weight <= self.capacity:
            return ()
        about = {"name": self.name, "load": self.load, "capacity": self.capacity, "weight": self.weight}
        return (OverCapacity(path=path, **about),)
