"""The ways in: the front page, accounts, and where each role's own pages begin."""

from django.urls import include, path

from backend.portals.entrance.account import account_settings
from backend.portals.entrance.front import front_page, home

urlpatterns = [
    path("", front_page, name="front"),
    path("home", home, name="home"),
    path("account/", account_settings, name="account_settings"),
    path("account/", include("allauth.account.urls")),
    path("account/mfa/", include("allauth.mfa.urls")),
]
