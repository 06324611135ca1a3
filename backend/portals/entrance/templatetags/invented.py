"""What the pages below /account/ may say of the demonstration."""

from django import template

from backend.portals.entrance import demonstration

register = template.Library()


@register.simple_tag
def is_demonstration() -> bool:
    """Whether the front page lists people whom one may sign in as."""
    return bool(demonstration.password())
