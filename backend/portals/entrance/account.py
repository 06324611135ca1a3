"""What a person can change about their own account; the pages behind it are allauth's."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
@login_required
def account_settings(request: HttpRequest) -> HttpResponse:
    """GET /account/: passkeys and factors, password, e-mail address."""
    return render(request, "entrance/account.html")
