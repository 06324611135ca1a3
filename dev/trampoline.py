"""Becomes another program that dies with its parent; run by path, knows nothing of dev/.

    python -I -S trampoline.py PARENT_PID SIGNAL IDENTITY COMMAND...

IDENTITY is `self`; or `namespace`, where root looks like nobody to the program (PostgreSQL
refuses uid 0) but still owns its files; or `nobody`, which is nobody indeed.
"""

import ctypes
import os
import sys

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
NOBODY = 65534


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _look_like_nobody() -> None:
    uid, gid = os.geteuid(), os.getegid()
    if _libc().unshare(CLONE_NEWUSER) != 0:
        sys.exit(f"no user namespace: {os.strerror(ctypes.get_errno())}")
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{NOBODY} {uid} 1"),
        ("gid_map", f"{NOBODY} {gid} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(line)


def _become_nobody() -> None:
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def _die_with(parent: int, signal_number: int) -> None:
    if not sys.platform.startswith("linux"):
        return
    # After the change of identity, which would clear it.
    _libc().prctl(PR_SET_PDEATHSIG, signal_number)
    if os.getppid() != parent:
        sys.exit("the parent is gone already")


def main() -> None:
    """Change identity, tie our life to the parent's, become the command."""
    parent, signal_number, identity = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    if identity == "namespace":
        _look_like_nobody()
    elif identity == "nobody":
        _become_nobody()
    _die_with(parent, signal_number)
    command = sys.argv[4:]
    try:
        os.execvp(command[0], command)
    except OSError as problem:
        sys.exit(f"{command[0]}: {problem.strerror}")


if __name__ == "__main__":
    main()
