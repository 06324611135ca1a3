"""Small tools for rows and transactions, shared by every app."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from typing import Any, ClassVar, ParamSpec, Protocol, TypeVar
from uuid import UUID

from django.db import IntegrityError, OperationalError, connection, models, transaction
from django.db.models import Q
from psycopg import errors as pg
from uuid_utils.compat import uuid7

from backend.kernel.errors import Problem, RefusedWithEffect, Stale
from backend.kernel.ids import public_id
from backend.origin import origin

P = ParamSpec("P")
R = TypeVar("R")


# Tells the transaction who acts (%s) for which request (%s): the triggers that keep row changes
# ask it. Columns of a SELECT, so that a door can ask its own question in the same breath.
WHO_ACTS = "set_config('suhada.actor', %s, true), set_config('suhada.request_id', %s, true)"


class Seam(Protocol):
    """What a door may put round a use case, inside its transaction: idempotency does."""

    def begin(self, actor: str) -> None:
        """Before the use case: tell the database who acts (WHO_ACTS). May raise to stop it."""

    def finish(self, result: Any) -> None:
        """After the use case, before the commit."""

    def refuse(self, refusal: RefusedWithEffect) -> None:
        """Instead of `finish`, when the use case acted and said no; before the commit too."""


class NoSeam:
    """A use case that no door stands round: a job's."""

    def begin(self, actor: str) -> None:
        """Only tell who acts."""
        _say_who_acts(actor)

    def finish(self, result: Any) -> None:
        """Nothing."""

    def refuse(self, refusal: RefusedWithEffect) -> None:
        """Nothing."""


_NO_SEAM: Seam = NoSeam()
seam: ContextVar[Seam] = ContextVar("seam", default=_NO_SEAM)


def service(use_case: Callable[P, R]) -> Callable[P, R]:
    """Make a function a use case: one durable transaction, one retry after a deadlock.

    Durable means outermost: a service that calls a service raises RuntimeError. Inside the
    transaction the door's seam (see `backend.api.idempotency`) runs before and after, so the
    reply to an idempotency key is kept exactly when the effect is. Whatever the use case raises
    rolls it back, but for RefusedWithEffect, which is raised once its effect is committed.
    """

    @wraps(use_case)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return attempt(*args, **kwargs)
        except OperationalError as error:
            if not isinstance(error.__cause__, pg.DeadlockDetected) or connection.in_atomic_block:
                raise
            return attempt(*args, **kwargs)

    def attempt(*args: P.args, **kwargs: P.kwargs) -> R:
        around = seam.get()
        with transaction.atomic(durable=True):
            around.begin(getattr(kwargs.get("by"), "label", ""))
            try:
                result = use_case(*args, **kwargs)
            except RefusedWithEffect as said_no:
                refusal = said_no
                around.refuse(said_no)
            else:
                around.finish(result)
                return result
        raise refusal

    run.is_service = True  # type: ignore[attr-defined]  # read by tests/laws
    return run


def _say_who_acts(actor: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {WHO_ACTS}", [actor, origin().request_id])


def require_transaction() -> None:
    """Refuse to go on outside a transaction: what is written must stand or fall with the act."""
    if not connection.in_atomic_block:
        raise RuntimeError("This is a step of a use case: call it inside a service's transaction.")


class Row(models.Model):
    """A row with a time-ordered id, a version that grows with each change, and a public ref."""

    PREFIX: ClassVar[str]

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True

    @property
    def ref(self) -> str:
        """The public id, for example `rx_01jq…`."""
        return public_id(self.PREFIX, self.id)


def append(row: models.Model) -> None:
    """Insert a row of an insert-only table, and give it the id that the database chose.

    The same INSERT as `save(force_insert=True)`, written once a model instead of once a row: the
    audit trail, the outbox and the idempotency keys take one each in every request.
    """
    sql, fields = _insert_of(type(row))
    values = [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        (row.pk,) = cursor.fetchone()


@cache
def _insert_of(model: type[models.Model]) -> tuple[str, list[Any]]:
    meta = model._meta
    fields = [f for f in meta.concrete_fields if not f.primary_key and not f.has_db_default()]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    key = quote(str(meta.pk.column)) if meta.pk is not None else "id"
    table = quote(meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES ({places}) RETURNING {key}", fields  # noqa: S608


def save_changes(row: Row, *fields: str) -> None:
    """Write the named fields of a locked row and raise its version."""
    row.version += 1
    row.save(update_fields=[*fields, "version"])


def check_version(row: Row, expected: int | None) -> None:
    """Raise Stale (412) unless `expected` is the row's version; None means nobody asked."""
    if expected is not None and row.version != expected:
        raise Stale(extra={"version": row.version})


def together(*fields: str) -> Q:
    """All of the fields are set, or none is (for CheckConstraints)."""
    all_set = Q(**{f"{name}__isnull": False for name in fields})
    none_set = Q(**{f"{name}__isnull": True for name in fields})
    return all_set | none_set


@contextmanager
def refused_by(constraints: Mapping[str, type[Problem]]) -> Iterator[None]:
    """Turn the database's no into ours, by the name of the constraint that said it."""
    try:
        yield
    except IntegrityError as error:
        name = str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""))
        if name in constraints:
            raise constraints[name]() from error
        raise


def lock_for(key: str | UUID) -> None:
    """Queue up behind others who want the same thing, until this transaction ends."""
    require_transaction()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(key)])
