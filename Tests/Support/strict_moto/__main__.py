"""python -m strict_moto --port-file FILE: serves on a free loopback port and writes its number to FILE."""

import argparse
import os
import sys
import tempfile

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--port-file", required=True)
parser.add_argument("--port", type=int, default=0)
arguments = parser.parse_args()

# Read by moto when it is imported.
from . import images  # noqa: E402

folder = tempfile.mkdtemp(prefix="strict-moto-")
os.environ["MOTO_AMIS_PATH"] = images.write(folder)
os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
os.environ["MOTO_EC2_ENABLE_INSTANCE_TYPE_VALIDATION"] = "true"
# An endpoint has no credentials of its own to look for.
os.environ.setdefault("AWS_ACCESS_KEY_ID", "testing")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "testing")

from . import server  # noqa: E402

sys.exit(server.serve(arguments.port, arguments.port_file))
