"""Say plainly what is wrong with the interpreter that is to build .venv, and how to put it right.

Must run on any Python, however old, or it could not complain about it.
"""

import sys

HINT = "Then run make again, or name another interpreter: make PYTHON=python3.12 <target>"
FOUND = "%s is Python %d.%d" % (sys.executable, sys.version_info[0], sys.version_info[1])

if not (3, 11) <= sys.version_info[:2] < (3, 14):
    sys.exit("Python 3.11, 3.12 or 3.13 is needed, but %s. Install one of them. %s" % (FOUND, HINT))

try:
    import ensurepip  # noqa: F401
    import venv  # noqa: F401
except ImportError:
    sys.exit(
        "%s without its venv module, which some systems package apart. Install it "
        "(on Debian and Ubuntu: apt install python3-venv). %s" % (FOUND, HINT)
    )
