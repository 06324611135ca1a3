"""Where webhooks may go: a table of hostile URLs, and what names may resolve to."""

import pytest

from backend.pharmacy.addresses import (
    AddressRefused,
    Target,
    check_addresses,
    check_url,
)

HOSTILE = [
    # scheme
    "http://pharmacy.example/hooks",
    "ftp://pharmacy.example/hooks",
    "file:///etc/passwd",
    "gopher://pharmacy.example/",
    "javascript:alert(1)",
    "//pharmacy.example/hooks",
    "pharmacy.example/hooks",
    "https:pharmacy.example",
    "https:///hooks",
    "",
    # userinfo, and what looks like a host but is none
    "https://user@pharmacy.example/",
    "https://user:secret@pharmacy.example/",
    "https://pharmacy.example@127.0.0.1/",
    "https://127.0.0.1#@pharmacy.example/",
    "https://pharmacy.example\\@127.0.0.1/",
    "https:\\\\127.0.0.1/",
    "https://pharmacy.example/#fragment",
    "https://pharmacy.example/#",
    # ports
    "https://pharmacy.example:22/",
    "https://pharmacy.example:25/",
    "https://pharmacy.example:80/",
    "https://pharmacy.example:1023/",
    "https://pharmacy.example:0/",
    "https://pharmacy.example:65536/",
    "https://pharmacy.example:-1/",
    "https://pharmacy.example:x/",
    # addresses inside, in every spelling
    "https://127.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0.0.1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://0/",
    "https://0.0.0.0/",
    "https://10.0.0.1/",
    "https://10.1/",
    "https://172.16.0.1/",
    "https://172.31.255.255/",
    "https://192.168.1.1/",
    "https://192.168.257/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://100.100.100.200/",
    "https://192.0.0.9/",
    "https://192.0.2.1/",
    "https://198.18.0.1/",
    "https://198.51.100.1/",
    "https://203.0.113.1/",
    "https://192.88.99.1/",
    "https://224.0.0.1/",
    "https://239.255.255.250/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://127.0.0.1./",
    "https://1.2.3.4.5/",
    "https://999.1.1.1/",
    "https://8.8.8.08/",
    # version 6
    "https://[::]/",
    "https://[::1]/",
    "https://[::127.0.0.1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::ffff:8.8.8.8]/",
    "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/",
    "https://[fc00::1]/",
    "https://[fd00:ec2::254]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[64:ff9b::a9fe:a9fe]/",
    "https://[64:ff9b:1::a00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[2002:a00:1::]/",
    "https://[2001::1]/",
    "https://[2001:db8::1]/",
    "https://[100::1]/",
    "https://[::1/",
    "https://[v1.a]/",
    # names
    "https://localhost/",
    "https://localhost./",
    "https://LOCALHOST/",
    "https://a.localhost/",
    "https://metadata.google.internal/",
    "https://printer.local/",
    "https://router.lan/",
    "https://nas.home.arpa/",
    "https://db.intranet/",
    "https://redis/",
    "https://pharmacy.example./",
    "https://-a.example/",
    "https://a_b.example/",
    "https://a..example/",
    "https://pharmacy.0x7f/",
    "https://pharmacy.127/",
    # characters
    "https://１２７.0.0.1/",
    "https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "https://薬局.example/",
    "https://pharmacy。example/",
    "https://pharmacy%2eexample/",
    "https://%31%32%37.0.0.1/",
    "https://pharmacy.example/\r\nHost: 127.0.0.1",
    "https://pharmacy.example/\thooks",
    " https://pharmacy.example/",
    "https://pharmacy.example/ hooks",
    "https://pharmacy.example/\x00",
    "https://pharmacy.example/" + "a" * 500,
]


@pytest.mark.parametrize("sandbox", [True, False], ids=["sandbox", "real"])
@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_url_is_refused_in_the_sandbox_too(url, sandbox):
    with pytest.raises(AddressRefused):
        check_url(url, sandbox=sandbox)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://pharmacy.example/hooks?a=1", Target("pharmacy.example", 443, False)),
        ("https://pharmacy.example:443/", Target("pharmacy.example", 443, False)),
        ("https://pharmacy.example:1024/", Target("pharmacy.example", 1024, False)),
        ("https://pharmacy.example:65535", Target("pharmacy.example", 65535, False)),
        ("https://Pharmacy.Example/", Target("pharmacy.example", 443, False)),
        ("https://xn--lhr645f.example/", Target("xn--lhr645f.example", 443, False)),
        ("https://8.8.8.8/", Target("8.8.8.8", 443, False)),
        ("https://[2606:4700::1111]/", Target("2606:4700::1111", 443, False)),
    ],
)
def test_a_public_https_url_is_allowed(url, target):
    assert check_url(url, sandbox=False) == target


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_a_receiver_on_this_machine_is_for_the_sandbox_only(host):
    url = f"http://{host}:8999/hooks"

    assert check_url(url, sandbox=True).is_loopback
    with pytest.raises(AddressRefused, match="not_https"):
        check_url(url, sandbox=False)


@pytest.mark.parametrize("url", ["http://127.0.0.1:22/", "http://127.0.0.2:8999/"])
def test_the_sandbox_does_not_open_more_than_it_says(url):
    with pytest.raises(AddressRefused):
        check_url(url, sandbox=True)


@pytest.mark.parametrize(
    "found",
    [
        ["10.0.0.1"],
        ["8.8.8.8", "127.0.0.1"],
        ["2606:4700::1111", "64:ff9b::a00:1"],
        ["169.254.169.254"],
        ["::ffff:10.0.0.1"],
        [],
    ],
)
def test_a_name_that_resolves_inside_is_refused_whatever_else_it_resolves_to(found):
    with pytest.raises(AddressRefused, match="not_global"):
        check_addresses(Target("pharmacy.example", 443, False), found)


def test_all_addresses_outside_are_kept_in_their_order():
    found = ["2606:4700::1111", "8.8.8.8"]

    assert check_addresses(Target("pharmacy.example", 443, False), found) == found


def test_loopback_means_loopback_and_nothing_outside_either():
    here = Target("localhost", 8999, True)

    assert check_addresses(here, ["127.0.0.1", "::1"]) == ["127.0.0.1", "::1"]
    with pytest.raises(AddressRefused):
        check_addresses(here, ["8.8.8.8"])
