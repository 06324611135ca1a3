"""OpenAPI 3.1 from the endpoints: verbs, headers, paging and problems stand in it once."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers

from backend.api.fields import DecimalText, PublicId
from backend.api.filters import ListFilters

F = TypeVar("F", bound=Callable[..., Any])

_HEADER: Any = OpenApiParameter.HEADER
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[\\x21-\\x7e]{1,255}$"},
    _HEADER,
    required=True,
    description="One effect per key; the same key gets the same reply for seven days.",
    examples=[OpenApiExample("key", "0f9c2f4e-6b1f-4a39-9f6f-1f2d6f1b7c55")],
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    {"type": "string", "pattern": '^"[1-9][0-9]{0,8}"$'},
    _HEADER,
    required=True,
    description='The version that you read, as an ETag: `"3"`.',
    examples=[OpenApiExample("version", '"3"')],
)
LIMIT = OpenApiParameter(
    "limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 50}, description="Rows."
)
CURSOR = OpenApiParameter("cursor", OpenApiTypes.STR, description="From `next_cursor`.")

DECIMAL_PATTERN = r"^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$"
TIME_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$"
_ALWAYS = {"400", "401", "403", "404", "405", "406", "429", "500", "503"}
_MAY_REFUSE = "x-may-refuse"
_ON_POST = {"409", "410", "412", "413", "415", "422", "428"}


def id_pattern(prefix: str) -> str:
    """The one spelling of an id of this kind."""
    return f"^{prefix}_[0-7][0-9a-hjkmnp-tv-z]{{25}}$"


@cache
def listing(out: type[serializers.Serializer]) -> type[serializers.Serializer]:
    """The page of a list of `out`."""
    name = out.__name__.removesuffix("Out") + "List"
    return type(
        name,
        (serializers.Serializer,),
        {
            "data": out(many=True),
            "has_more": serializers.BooleanField(),
            "next_cursor": serializers.CharField(allow_null=True),
        },
    )


def operation(
    *,
    takes: type[serializers.Serializer] | None = None,
    gives: type[serializers.Serializer] | OpenApiTypes,
    status: int = 200,
    many: bool = False,
    parameters: tuple[OpenApiParameter, ...] = (),
    may_refuse: bool = False,
) -> Callable[[F], F]:
    """Describe one method of an endpoint. `takes.example` and `gives.example` become examples.

    `may_refuse`: a GET that can answer 409.
    """
    examples = [
        OpenApiExample(
            f"{kind} example",
            shape.example,
            request_only=kind == "request",
            response_only=kind == "response",
        )
        for kind, shape in (("request", takes), ("response", gives))
        if shape is not None and hasattr(shape, "example") and not (many and kind == "response")
    ]
    return extend_schema(
        request=takes,
        responses={status: listing(gives) if many else gives},
        parameters=list(parameters),
        examples=examples,
        extensions={_MAY_REFUSE: True} if may_refuse else None,
    )


class Schema(AutoSchema):
    """Reads an endpoint's verbs and filters."""

    view: Any

    def get_operation_id(self) -> str:
        """`visit_confirm`."""
        return str(self._verb().action.replace(".", "_"))

    def get_tags(self) -> list[str]:
        """The thing."""
        return [self._verb().thing]

    def get_summary(self) -> str:
        """The verb in words, and who may do it."""
        verb = self._verb()
        return f"{verb.name.replace('_', ' ').capitalize()} ({verb.thing})"

    def get_description(self) -> str:  # type: ignore[override]
        """The method's docstring, and the roles of the verb."""
        verb = self._verb()
        text = super().get_description() or ""
        return f"{text}\n\nRoles: {', '.join(sorted(verb.roles))}.".strip()

    def get_override_parameters(self) -> list[Any]:
        """Headers of unsafe methods, filters and paging of lists."""
        found: list[Any] = list(super().get_override_parameters())
        if self.method == "POST":
            if getattr(self.view, "keyed", True):  # another standard's calls have no key
                found.append(IDEMPOTENCY_KEY)
            if self._verb().start:
                found.append(IF_MATCH)
        elif self.view.filters is not None:
            found += [LIMIT, CURSOR, *map(_parameter, self.view.filters.base_filters.items())]
        return found

    def get_auth(self) -> list[dict[str, list[str]]]:
        """A session token or a pharmacy's key as bearer; or the cookie of the pages."""
        return [{"bearer": []}, {"cookie": []}]

    def _map_basic_serializer(self, serializer: Any, direction: Any) -> Any:
        found = super()._map_basic_serializer(serializer, direction)  # type: ignore[no-untyped-call]
        said = {name for name, field in serializer.fields.items() if _may_be_left_out(field)}
        if said & set(found.get("required", [])):
            found["required"] = [name for name in found["required"] if name not in said]
        return found

    def _map_serializer_field(
        self, field: Any, direction: Any, bypass_extensions: bool = False
    ) -> Any:
        found = super()._map_serializer_field(  # type: ignore[no-untyped-call]
            field, direction, bypass_extensions
        )
        if isinstance(field, PublicId):
            found = {**found, "pattern": id_pattern(field.prefix)}
        if isinstance(field, DecimalText) and direction == "request":
            found = {**found, "pattern": DECIMAL_PATTERN}
        if isinstance(field, serializers.TimeField):  # `time` of JSON Schema has an offset
            found = {**{k: v for k, v in found.items() if k != "format"}, "pattern": TIME_PATTERN}
        return found

    def _verb(self) -> Any:
        return self.view.verb_for(self.method)

    def _is_list_view(self, serializer: Any = None) -> bool:  # noqa: ARG002
        return False


def _may_be_left_out(field: Any) -> bool:
    """Shown to some readers only: `read_only=True, required=False`."""
    return bool(field.read_only and field._kwargs.get("required") is False)


def parameters_of(filters: type[ListFilters]) -> tuple[OpenApiParameter, ...]:
    """Filters as parameters of a path that takes them and is no list in pages."""
    return tuple(map(_parameter, filters.base_filters.items()))


def _parameter(item: tuple[str, Any]) -> OpenApiParameter:
    name, chosen = item
    choices = chosen.extra.get("choices")
    kind: dict[str, Any] = {"type": "string"}
    if choices:
        kind["enum"] = [str(value) for value, _ in choices]
    if "prefix" in chosen.extra:
        kind["pattern"] = id_pattern(chosen.extra["prefix"])
    if "max_length" in chosen.extra:
        kind["maxLength"] = chosen.extra["max_length"]
    return OpenApiParameter(name, kind)


CONTRACT = ("/v1/", "/cds-services/")


def only_the_contract(endpoints: list[Any], **_: Any) -> list[Any]:
    """Preprocessing: ours are /v1 and the CDS services (sign-in follows allauth's own contract)."""
    return [endpoint for endpoint in endpoints if endpoint[0].startswith(CONTRACT)]


PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string", "description": "Stable; clients switch on it."},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "RFC 6901, or ?parameter."},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def add_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Postprocessing: every operation may answer with a problem."""
    components = result.setdefault("components", {})
    components.setdefault("schemas", {})["Problem"] = PROBLEM
    components["securitySchemes"] = {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "A session token of a person, or a pharmacy's `rx_…` key.",
        },
        "cookie": {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
    }
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for methods in result.get("paths", {}).values():
        for method, described in methods.items():
            statuses = _ALWAYS | (_ON_POST if method == "post" else set())
            statuses |= {"409"} if described.pop(_MAY_REFUSE, False) else set()
            for status in sorted(statuses - set(described["responses"])):
                described["responses"][status] = {"description": "Problem", "content": content}
    return result
