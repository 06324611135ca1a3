"""The ways in: the front page, accounts, and where each role's own pages begin."""

from django.urls import include, path

from backend.portals.entrance.account import account_settings
from backend.portals.entrance.demonstration import sign_in_as
from backend.portals.entrance.front import front_page, home
from backend.portals.entrance.sandbox import clock_moving, move, sandbox

urlpatterns = [
    path("", front_page, name="front"),
    path("home", home, name="home"),
    path("sandbox", sandbox, name="sandbox"),
    path("sandbox/clocks/<str:clock_id>", clock_moving, name="sandbox_clock"),
    path("sandbox/clocks/<str:clock_id>/move", move, name="sandbox_move"),
    path("account/demonstration", sign_in_as, name="sign_in_as"),
    path("account/", account_settings, name="account_settings"),
    path("account/", include("allauth.account.urls")),
    path("account/mfa/", include("allauth.mfa.urls")),
]
