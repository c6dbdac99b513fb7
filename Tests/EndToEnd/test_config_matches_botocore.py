"""Holds what the tool reads from the environment and AWS's shared files against what botocore reads.

botocore is what the AWS command line is made of, so a file that one of them takes must mean the same to the other.
"""

import hashlib
import itertools
import json
import os
import random
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from botocore.endpoint_provider import EndpointProvider
from botocore.exceptions import BotoCoreError
from botocore.loaders import Loader
from botocore.session import Session
from moto.server import ThreadedMotoServer

ROOT = Path(__file__).resolve().parents[2]
DUMP = ROOT / ".build" / "debug" / "aws-settings-dump"


class Home:
    """A home directory and an environment of its own, for botocore in this process and for the tool."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.path = path
        self.monkeypatch = monkeypatch
        for name in list(os.environ):
            if name.startswith("AWS_") or name.lower().endswith("_proxy"):
                monkeypatch.delenv(name)
        self.set(HOME=str(path), AWS_EC2_METADATA_DISABLED="true")

    def set(self, **variables: str) -> None:
        for name, value in variables.items():
            self.monkeypatch.setenv(name, value)

    def write(self, name: str, text: str | bytes) -> Path:
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def files(self, config: str | bytes, credentials: str | bytes = "") -> None:
        self.write(".aws/config", config)
        self.write(".aws/credentials", credentials)

    def ours(self, what: str, *profile: str) -> dict[str, Any]:
        run = subprocess.run([DUMP, what, *profile], capture_output=True, text=True, timeout=60, check=True)
        return json.loads(run.stdout)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    return Home(tmp_path, monkeypatch)


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


# ---- credentials ----

KEYS = "aws_access_key_id = {0}\naws_secret_access_key = {0}-secret\n"

CREDENTIALS: dict[str, tuple[str, str, dict[str, str], str | None]] = {
    "environment": (
        "",
        "",
        {"AWS_ACCESS_KEY_ID": "env", "AWS_SECRET_ACCESS_KEY": "env-secret", "AWS_SESSION_TOKEN": "token"},
        None,
    ),
    "environment before profile": (
        "",
        "[default]\n" + KEYS.format("file"),
        {"AWS_ACCESS_KEY_ID": "env", "AWS_SECRET_ACCESS_KEY": "env-secret"},
        None,
    ),
    "environment before AWS_PROFILE": (
        "",
        "[a]\n" + KEYS.format("file"),
        {"AWS_ACCESS_KEY_ID": "env", "AWS_SECRET_ACCESS_KEY": "env-secret", "AWS_PROFILE": "a"},
        None,
    ),
    "explicit profile before environment": (
        "",
        "[a]\n" + KEYS.format("file"),
        {"AWS_ACCESS_KEY_ID": "env", "AWS_SECRET_ACCESS_KEY": "env-secret"},
        "a",
    ),
    "credentials before config": ("[default]\n" + KEYS.format("config"), "[default]\n" + KEYS.format("file"), {}, None),
    "config": ("[profile a]\naws_session_token = t\n" + KEYS.format("config"), "", {"AWS_PROFILE": "a"}, None),
    "process before config": (
        "[default]\ncredential_process = sh -c 'echo \"$OUT\"'\n" + KEYS.format("config"),
        "",
        {"OUT": '{"Version":1,"AccessKeyId":"process","SecretAccessKey":"process-secret","SessionToken":"t"}'},
        None,
    ),
    "credentials before process": (
        "[default]\ncredential_process = false\n",
        "[default]\n" + KEYS.format("file"),
        {},
        None,
    ),
    "none": ("", "", {}, None),
    "half": ("", "[default]\naws_access_key_id = half\n", {}, None),
    "half in the environment": ("", "", {"AWS_ACCESS_KEY_ID": "half"}, None),
    "process that fails": ("[default]\ncredential_process = false\n", "", {}, None),
    "process that prints nothing": ("[default]\ncredential_process = true\n", "", {}, None),
    "process of another version": ("[default]\ncredential_process = echo '{\"Version\":2}'\n", "", {}, None),
}


def botocore_keys(profile: str | None) -> list[str] | None:
    try:
        found = Session(profile=profile).get_credentials()
        keys = found and found.get_frozen_credentials()
    except (BotoCoreError, ValueError):
        return None
    return [keys.access_key, keys.secret_key, keys.token or ""] if keys else None


def our_keys(home: Home, *profile: str) -> list[str] | None:
    found = home.ours("credentials", *profile)
    return None if "error" in found else [found["access_key"], found["secret_key"], found["token"]]


@pytest.mark.parametrize("case", CREDENTIALS)
def test_credentials(home: Home, case: str) -> None:
    config, credentials, environment, profile = CREDENTIALS[case]
    home.files(config, credentials)
    home.set(AWS_DEFAULT_REGION="us-east-2", **environment)
    assert our_keys(home, *([profile] if profile else [])) == botocore_keys(profile)


# ---- services that give out keys ----


class Service(ThreadingHTTPServer):
    """A service on loopback that keeps what it was asked."""

    daemon_threads = True

    def __init__(self, answers: dict[tuple[str, str], Any], needs: dict[str, tuple[str, str]]) -> None:
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answers = answers
        self.needs = needs
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    server: Service

    def answer(self) -> None:
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.asked.append((self.command, self.path, headers, body))
        answer = self.server.answers.get((self.command, path))
        name, value = self.server.needs.get(self.command, ("host", headers["host"]))
        status = 404 if answer is None else 200 if headers.get(name) == value else 401
        data = b"" if status != 200 else answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_PUT = do_POST = answer

    def log_message(self, *_: object) -> None:
        pass


ISSUED = {
    "Code": "Success",
    "AccessKeyId": "issued",
    "SecretAccessKey": "issued-secret",
    "Token": "issued-token",
    "Expiration": "2199-01-01T00:00:00Z",
}
FOUND = ["issued", "issued-secret", "issued-token"]


def test_metadata_service(home: Home) -> None:
    role = "/latest/meta-data/iam/security-credentials/"
    service = Service(
        {("PUT", "/latest/api/token"): "imds-token", ("GET", role): "R", ("GET", role + "R"): ISSUED},
        {"GET": ("x-aws-ec2-metadata-token", "imds-token"), "PUT": ("x-aws-ec2-metadata-token-ttl-seconds", "21600")},
    )
    # A proxy must never see these requests.
    home.set(
        AWS_DEFAULT_REGION="us-east-2",
        AWS_EC2_METADATA_DISABLED="false",
        AWS_EC2_METADATA_SERVICE_ENDPOINT=service.url,
        HTTP_PROXY="http://127.0.0.1:1",
        http_proxy="http://127.0.0.1:1",
    )
    assert our_keys(home) == FOUND
    assert [(method, path) for method, path, _, _ in service.asked] == [
        ("PUT", "/latest/api/token"),
        ("GET", role),
        ("GET", role + "R"),
    ]
    home.set(no_proxy="*", NO_PROXY="*")
    assert botocore_keys(None) == FOUND
    service.shutdown()


def test_container(home: Home) -> None:
    service = Service({("GET", "/v1/keys"): ISSUED}, {"GET": ("authorization", "bearer")})
    home.set(
        AWS_DEFAULT_REGION="us-east-2",
        AWS_CONTAINER_CREDENTIALS_FULL_URI=f"{service.url}/v1/keys",
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=str(home.write("token", "bearer")),
    )
    assert our_keys(home) == botocore_keys(None) == FOUND
    service.shutdown()


SSO = """
[profile s]
region = us-east-2
sso_session = corp
sso_account_id = 123456789012
sso_role_name = Node Admin
[sso-session corp]
sso_region = eu-west-1
sso_start_url = https://corp.awsapps.com/start
"""


@pytest.mark.parametrize("expires", ["2199-01-01T00:00:00Z", "2020-01-01T00:00:00Z"])
def test_identity_center(home: Home, expires: str) -> None:
    keys = {
        "accessKeyId": "issued",
        "secretAccessKey": "issued-secret",
        "sessionToken": "issued-token",
        "expiration": 7226582400000,
    }
    is_fresh = expires.startswith("2199")
    service = Service(
        {
            ("GET", "/federation/credentials"): {"roleCredentials": keys},
            ("POST", "/token"): {"accessToken": "renewed", "expiresIn": 28800, "refreshToken": "next"},
        },
        {"GET": ("x-amz-sso_bearer_token", "bearer" if is_fresh else "renewed")},
    )
    home.files(SSO)
    token = {
        "startUrl": "https://corp.awsapps.com/start",
        "region": "eu-west-1",
        "accessToken": "bearer",
        "expiresAt": expires,
        "clientId": "id",
        "clientSecret": "secret",
        "registrationExpiresAt": "2199-01-01T00:00:00Z",
        "refreshToken": "first",
    }
    cache = f".aws/sso/cache/{hashlib.sha1(b'corp').hexdigest()}.json"
    home.write(cache, json.dumps(token))
    home.set(AWS_ENDPOINT_URL_SSO=service.url, AWS_ENDPOINT_URL_SSO_OIDC=service.url)
    assert our_keys(home, "s") == FOUND
    method, path, headers, _ = service.asked[-1]
    assert (method, path) == ("GET", "/federation/credentials?account_id=123456789012&role_name=Node%20Admin")
    kept = json.loads((home.path / cache).read_text())
    assert kept["accessToken"] == ("bearer" if is_fresh else "renewed")
    assert kept["refreshToken"] == ("first" if is_fresh else "next")
    ours = len(service.asked)
    # botocore finds the token that we renewed, in its place and form, and asks for nothing but the keys.
    home.monkeypatch.setattr("botocore.tokens.SSOTokenProvider._SSO_TOKEN_CACHE_DIR", str(home.path / ".aws/sso/cache"))
    home.monkeypatch.setattr(
        "botocore.credentials.SSOProvider._SSO_TOKEN_CACHE_DIR", str(home.path / ".aws/sso/cache")
    )
    assert botocore_keys("s") == FOUND
    assert [path.partition("?")[0] for _, path, _, _ in service.asked[ours:]] == ["/federation/credentials"]
    service.shutdown()


@pytest.fixture(scope="module")
def moto() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


ROLES = """
[profile base]
aws_access_key_id = base
aws_secret_access_key = base-secret
[profile one]
role_arn = arn:aws:iam::123456789012:role/One
source_profile = base
external_id = external
duration_seconds = 900
[profile two]
role_arn = arn:aws:iam::123456789012:role/Two
source_profile = one
role_session_name = me
[profile loop]
role_arn = arn:aws:iam::123456789012:role/Loop
source_profile = pool
[profile pool]
role_arn = arn:aws:iam::123456789012:role/Pool
source_profile = loop
[profile web]
role_arn = arn:aws:iam::123456789012:role/Web
web_identity_token_file = {token}
"""


@pytest.mark.parametrize("profile", ["one", "two", "web"])
def test_roles(home: Home, moto: str, profile: str) -> None:
    home.files(ROLES.format(token=home.write("token", "header.payload.signature")))
    home.set(AWS_DEFAULT_REGION="us-east-2", AWS_ENDPOINT_URL=moto)
    ours, theirs = our_keys(home, profile), botocore_keys(profile)
    # STS makes new keys for every call; what they have in common is their form.
    assert ours and theirs
    assert ours[0].startswith("ASIA") and theirs[0].startswith("ASIA")
    assert ours[2]


def test_roles_in_a_circle(home: Home, moto: str) -> None:
    home.files(ROLES.format(token="/nowhere"))
    home.set(AWS_DEFAULT_REGION="us-east-2", AWS_ENDPOINT_URL=moto)
    found = home.ours("credentials", "loop")
    assert "loop -> pool -> loop" in found["error"]
    assert botocore_keys("loop") is None
