"""RFC 6962, section 2.1, word by word and slow: what the fast tree is compared with."""

from hashlib import sha256


def half(n):
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def root(entries):
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = half(len(entries))
    return sha256(b"\x01" + root(entries[:k]) + root(entries[k:])).digest()


def path(m, entries):
    if len(entries) == 1:
        return []
    k = half(len(entries))
    if m < k:
        return [*path(m, entries[:k]), root(entries[k:])]
    return [*path(m - k, entries[k:]), root(entries[:k])]


def proof(m, entries, *, known=True):
    if m == len(entries):
        return [] if known else [root(entries)]
    k = half(len(entries))
    if m <= k:
        return [*proof(m, entries[:k], known=known), root(entries[k:])]
    return [*proof(m - k, entries[k:], known=False), root(entries[:k])]


def turns(m, n):
    """On which side the sibling stands, from the leaf up: what a proof's shape depends on."""
    if n == 1:
        return ""
    k = half(n)
    return turns(m, k) + "R" if m < k else turns(m - k, n - k) + "L"
