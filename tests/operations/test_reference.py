"""The contract as a page, under the same Content-Security-Policy as every page."""

import re

from django.test import Client


def test_the_reference_runs_nothing_inline_and_names_the_contract():
    answer = Client().get("/reference")

    page = answer.content.decode()
    assert 'data-contract="/v1/openapi.json"' in page
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert re.findall(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", page) == []
