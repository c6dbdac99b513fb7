"""Holds the keys that the tool finds against those that botocore finds, with local services that give out keys."""

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aws_home import Home, home
from botocore.exceptions import BotoCoreError
from botocore.session import Session
from moto.server import ThreadedMotoServer

__all__ = ["home"]

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
