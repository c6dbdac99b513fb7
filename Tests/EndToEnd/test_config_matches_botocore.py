"""Holds what the tool reads from the environment and AWS's shared files against what botocore reads.

botocore is what the AWS command line is made of, so a file that one of them takes must mean the same to the other.
"""

import itertools
import json
import os
import random
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import pytest
from aws_home import DUMP, Home, home
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import BotoCoreError
from botocore.loaders import Loader
from botocore.session import Session

__all__ = ["home"]

# ---- files ----

FILES = [
    "",
    "[default]\nregion = us-east-1\n",
    "[default]\nREGION = us-east-1\nOutput: json\n",
    "[profile a]\nk = v\n[profile b]\nk=w\n",
    '[profile "with space"]\nk = v\n',
    "[profile 'x']\nk = v\n[profile with space]\nk = w\n",
    "[profilex y]\nk = v\n[ default ]\nk = v\n[profile  z  ]\nk = v\n",
    "[profile default]\nk = 1\n[default]\nk = 2\n",
    "[default]\nk = 2\n[profile default]\nk = 1\n",
    "# c\n; c\n[default]\n# c\nk = v # not a comment\nj = v ; neither\n",
    "[default]\nk = v\n  more\n\n  and more\n\nj = w\n",
    "[default]\n  k = v\n  j = w\n",
    "[default]\n  k = v\nj = w\n  [profile x]\n",
    "[default]\ns3 =\n  a = b\n  C = d = e\n\n  f=\nk = v\n",
    "[default]\nservices = s\n[services s]\nec2 =\n  endpoint_url = http://h:1\niam =\n\tendpoint_url = http://h:2\n",
    "[sso-session x]\nsso_region = us-east-1\n[sso-session 'y z']\nsso_start_url = u\n",
    "[default]\r\nk = v\r\n\r\n  w\r\n",
    "[default]\rk = v\r",
    "[default] trailing\nk = v\n",
    "[DEFAULT]\nk = d\n[default]\nj = v\n[profile x]\nk = own\n",
    "[default]\nk = \"quoted\"\nj = 'single'\nl = a=b:c\nm:x=y\n",
    "[default]\nk =\nj:\n",
    "[default]\nk = ünï\n",
    "[plugins]\nk = v\n[preview]\nk = w\n",
    "[default\nk = v\n",
    "k = v\n[default]\n",
    "[default]\nk\n",
    "[default]\nk = v\n= v\n",
    "[default]\nk = 1\nK = 2\n",
    "[default]\n[default]\n",
    "[a]\n[b]\n[a]\n",
    "[default]\ns3 =\n  no\n",
    "[]\n",
    "[default]\nk = v\n\n# c\njunk\n",
    b"[default]\nk = \xff\n",
    "[profile 'open]\nk = v\n",
]


def botocore_files() -> dict[str, Any] | int | None:
    """What botocore reads; the line of a mistake, or None where it names no line."""
    try:
        config = Session().full_config
        return {name: config.get(name, {}) for name in ("profiles", "sso_sessions", "services")}
    except BotoCoreError as error:
        cause = error.kwargs.get("error")
        lines = getattr(cause, "errors", None)
        return lines[0][0] if lines else getattr(cause, "lineno", None)


def compare_files(home: Home, text: str | bytes, is_config: bool) -> None:
    home.files(text if is_config else "", "" if is_config else text)
    theirs = botocore_files()
    ours = home.ours("settings")
    if isinstance(theirs, dict):
        assert {name: ours.get(name) for name in theirs} == theirs, text
    else:
        assert ours["file"] == str(home.path / ".aws" / ("config" if is_config else "credentials")), text
        # configparser goes on after some mistakes and may name a later one.
        assert ours["line"] > 0 and (theirs is None or ours["line"] <= theirs), text


@pytest.mark.parametrize("is_config", [True, False])
@pytest.mark.parametrize("text", FILES)
def test_files(home: Home, text: str | bytes, is_config: bool) -> None:
    # What a value means is not the question here: a services section that is missing is none of the file's form.
    home.set(AWS_REGION="us-east-2", AWS_IGNORE_CONFIGURED_ENDPOINT_URLS="true")
    compare_files(home, text, is_config)


def test_files_made_at_random(home: Home) -> None:
    home.set(AWS_REGION="us-east-2")
    pieces = [
        "[default]", "[profile a]", "[profile b]", "[services s]", "  [x]", "k = v", "j: w", "  k = v", "\tmore", "s3 =",
        "  a = b", "", "   ", "# c", "  ; c", "x = y = z", "[profile 'q r']", "[DEFAULT]", "region = us-west-1",
    ]  # fmt: skip
    choose = random.Random(2026)
    for _ in range(300):
        text = "\n".join(["[default]", *choose.choices(pieces, k=choose.randint(1, 7))])
        compare_files(home, text, True)


def test_credentials_file_wins_for_the_same_key(home: Home) -> None:
    home.set(AWS_REGION="us-east-2")
    home.files("[default]\nk = config\nj = config\n[profile a]\nk = 1\n", "[default]\nk = own\n[a]\nj = 2\n[b]\nl = 3\n")
    assert home.ours("settings")["profiles"] == Session().full_config["profiles"]


def test_a_file_that_may_not_be_read(home: Home) -> None:
    home.set(AWS_REGION="us-east-2")
    home.write(".aws/config", "[default]\n").chmod(0)
    # Nothing is forbidden to root, so as root the tool runs as nobody.
    nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    program = Path(shutil.copy(DUMP, tempfile.mkdtemp(dir="/tmp")))
    program.parent.chmod(0o755)
    try:
        run = subprocess.run([program, "settings"], capture_output=True, text=True, timeout=60, check=True, **nobody)
    finally:
        shutil.rmtree(program.parent)
    found = json.loads(run.stdout)
    assert found["file"] == str(home.path / ".aws" / "config")
    assert "Permission denied" in found["error"]


# ---- settings ----

SETTINGS_FILE = """
[default]
region = eu-west-1
max_attempts = 4
[profile a]
region = eu-west-2
use_fips_endpoint = true
[profile b]
region = eu-west-3
endpoint_url = http://127.0.0.1:1
services = local
[services local]
ec2 =
  endpoint_url = http://127.0.0.1:2
sts =
  endpoint_url = http://127.0.0.1:3
[profile c]
region = eu-north-1
endpoint_url = http://127.0.0.1:1
ignore_configured_endpoint_urls = true
use_dualstack_endpoint = true
"""

ENVIRONMENTS: list[dict[str, str]] = [
    {},
    {"AWS_PROFILE": "a"},
    {"AWS_PROFILE": "b"},
    {"AWS_PROFILE": "c"},
    {"AWS_DEFAULT_PROFILE": "b"},
    {"AWS_DEFAULT_REGION": "us-west-1"},
    {"AWS_DEFAULT_REGION": "us-west-1", "AWS_PROFILE": "b"},
    {"AWS_ENDPOINT_URL": "http://127.0.0.1:5"},
    {"AWS_ENDPOINT_URL": "http://127.0.0.1:5", "AWS_PROFILE": "b"},
    {"AWS_ENDPOINT_URL": "http://127.0.0.1:5", "AWS_ENDPOINT_URL_EC2": "http://127.0.0.1:6", "AWS_PROFILE": "b"},
    {"AWS_ENDPOINT_URL_IAM": "http://127.0.0.1:7"},
    {"AWS_ENDPOINT_URL": "http://127.0.0.1:5", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
    {"AWS_ENDPOINT_URL": "http://127.0.0.1:5", "AWS_PROFILE": "c"},
    {"AWS_USE_FIPS_ENDPOINT": "true"},
    {"AWS_USE_DUALSTACK_ENDPOINT": "true"},
    {"AWS_MAX_ATTEMPTS": "7"},
    {"AWS_PROFILE": "a", "AWS_USE_FIPS_ENDPOINT": "false"},
]


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda e: ",".join(e) or "none")
def test_settings(home: Home, environment: dict[str, str]) -> None:
    home.files(SETTINGS_FILE)
    # STS's old global endpoint is not used by either.
    home.set(AWS_STS_REGIONAL_ENDPOINTS="regional", **environment)
    ours = home.ours("settings")
    session = Session()
    assert ours["region"] == session.get_config_variable("region")
    attempts = session.get_config_variable("max_attempts")
    assert ours["max_attempts"] == (attempts or 3)
    for service, (url, _) in ours["endpoints"].items():
        client = session.create_client(service, aws_access_key_id="a", aws_secret_access_key="b")
        assert url == client.meta.endpoint_url.rstrip("/"), service


def test_aws_region_wins_over_the_older_name(home: Home) -> None:
    home.set(AWS_REGION="us-west-2", AWS_DEFAULT_REGION="us-west-1")
    assert home.ours("settings")["region"] == "us-west-2"


def regions() -> list[str]:
    partitions = Loader().load_data("partitions")["partitions"]
    return [name for part in partitions for name in part["regions"] if not name.endswith("-global")]


@pytest.mark.parametrize("region", regions())
def test_addresses_in_every_region(home: Home, region: str) -> None:
    loader = Loader()
    partitions = loader.load_data("partitions")
    rules = {
        service: EndpointProvider(loader.load_service_model(service, "endpoint-rule-set-1"), partitions)
        for service in ("ec2", "iam", "ssm", "sts")
    }
    home.set(AWS_REGION=region)
    for fips, dual in itertools.product([False, True], repeat=2):
        home.set(AWS_USE_FIPS_ENDPOINT=str(fips).lower(), AWS_USE_DUALSTACK_ENDPOINT=str(dual).lower())
        ours = home.ours("settings")
        if fips and "error" in ours:
            assert region.startswith(("cn-", "us-iso", "eu-iso", "eusc-")), region
            continue
        for service, provider in rules.items():
            parameters = {"UseGlobalEndpoint": False} if service == "sts" else {}
            theirs = provider.resolve_endpoint(Region=region, UseFIPS=fips, UseDualStack=dual, **parameters)
            schemes = theirs.properties.get("authSchemes", [])
            signed = schemes[0]["signingRegion"] if schemes else region
            assert ours["endpoints"][service] == [theirs.url, signed], (service, fips, dual)
