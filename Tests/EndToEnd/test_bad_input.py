"""What cannot work is said clearly, with the documented exit code, and nothing is changed."""

import socket

import pytest

from conftest import Cloudrails, Endpoint

LAUNCH = ["node", "launch", "bitcoin.org/signet", "--yes"]


@pytest.mark.parametrize(
    "words, code, said",
    [
        (["node", "launch", "bitcoin.org/mainet", "--yes"], 64, "bitcoin.org/mainnet"),
        (["node", "launch", "nothing-like-it", "--yes"], 64, "there is no target"),
        (["node", "lunch"], 64, "launch"),
        (["nodes"], 64, "node"),
        (LAUNCH + ["--zome", "x"], 64, "--zone"),
        (LAUNCH + ["--name", "a b"], 64, "cannot be a node's name"),
        (LAUNCH + ["--name", "x" * 129], 64, "cannot be a node's name"),
        (LAUNCH + ["--ssh-from", "10.0.0.1/8"], 64, "not a range of addresses"),
        (LAUNCH + ["--ssh-from", "::1"], 64, "not a range of addresses"),
        (LAUNCH + ["--disk-size", "5"], 64, "cannot hold"),
        (LAUNCH + ["--disk-size", "much"], 64, "--disk-size"),
        (LAUNCH + ["--disk-size"], 64, "wants a value"),
        (LAUNCH + ["--disk-size", "70000"], 64, "out of range"),
        (LAUNCH + ["--iops", "100"], 64, "3000 to 80000"),
        (LAUNCH + ["--volume-type", "st1"], 64, "gp3"),
        (LAUNCH + ["--arch", "riscv"], 64, "arm64"),
        (LAUNCH + ["--subnet", "subnet-nonsense!"], 64, "--subnet"),
        (LAUNCH + ["--check-permissions"], 64, "--dry-run"),
        (["node", "launch", "bitcoin.org/signet"], 64, "--yes"),
        (["node", "terminate", "my-node"], 64, "--yes"),
        (["network", "delete"], 64, "--yes"),
        (["node", "show", "a/b"], 64, "cannot be a node's name"),
        (LAUNCH + ["--volume", "my-volume"], 64, "vol-0123456789abcdef0"),
        (LAUNCH + ["--volume", "vol-0123456789abcdef0", "--disk-size", "100"], 64, "new volume"),
        (LAUNCH + ["--volume", "vol-0123456789abcdef0", "--new-volume"], 64, "contradicts"),
        (["volume", "grow", "my-node", "--size", "200"], 64, "--yes"),
        (["volume", "grow", "my-node", "--yes"], 64, "--size"),
        (["volume", "grow", "my-node", "--size", "0", "--yes"], 64, "1 to 65536"),
        (["volume", "grow", "a/b", "--size", "200", "--yes"], 64, "cannot be a node's name"),
        (["volume", "attach", "my-node", "my-node"], 64, "is no volume's id"),
        (["volume", "detach", "my-node"], 64, "--yes"),
        (["volume", "snapshot", "vol/1"], 64, "cannot be a node's name"),
        (["node", "resize", "my-node", "--instance-type", "t4g.large"], 64, "--yes"),
        (["node", "resize", "my-node", "--yes"], 64, "--instance-type"),
        (["node", "resize", "my-node", "--yes", "--instance-type", ""], 64, "is no instance type"),
        (["node", "resize", "my-node", "--yes", "--instance-type", "foo"], 64, "'foo' is no instance type"),
        (["node", "resize", "my-node", "--yes", "--instance-type", "a b"], 64, "t4g.large"),
        (LAUNCH + ["--instance-type", ""], 64, "is no instance type"),
        (LAUNCH + ["--instance-type", "t4g large"], 64, "is no instance type"),
        (LAUNCH + ["--zone", ""], 64, "is no availability zone"),
        (LAUNCH + ["--zone", "a b"], 64, "us-east-2a"),
        (["node", "restart", "my-node", "--force"], 64, "--machine"),
        (["node", "stop", "a/b"], 64, "cannot be a node's name"),
        (["node", "stop", "my-node", "--via", "smoke"], 64, "ssm"),
        (["network", "allow-ssh", "all"], 64, "not a range of addresses"),
        (["network", "deny-ssh", "10.0.0.1/8"], 64, "not a range of addresses"),
        (["chains", "show", "bitcoin.org"], 64, "there is no target"),
    ],
)
def test_before_the_first_call(
    cloudrails: Cloudrails, endpoint: Endpoint, words: list[str], code: int, said: str
) -> None:
    result = cloudrails(*words)
    assert result.code == code, result
    assert said in result.stderr and result.stdout == "", result
    assert endpoint.calls() == []


@pytest.mark.parametrize(
    "words, said",
    [
        (LAUNCH + ["--instance-type", "t9.huge"], "There is no instance type t9.huge"),
        (LAUNCH + ["--instance-type", "t3.large", "--arch", "arm64"], "cannot run"),
        (LAUNCH + ["--zone", "us-east-2z"], "does not offer"),
    ],
)
def test_after_looking(cloudrails: Cloudrails, endpoint: Endpoint, words: list[str], said: str) -> None:
    result = cloudrails(*words)
    assert result.code == 64 and said in result.stderr, result
    assert endpoint.mutating() == []


def test_no_credentials(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    result = cloudrails(*LAUNCH, AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
    assert result.code == 77 and "credentials" in result.stderr.lower(), result
    assert endpoint.calls() == []


@pytest.mark.parametrize("code", ["ExpiredToken", "RequestExpired", "InvalidClientTokenId", "AuthFailure"])
def test_keys_that_aws_refuses(cloudrails: Cloudrails, endpoint: Endpoint, code: str) -> None:
    endpoint.moods(refusals=[{"action": "DescribeVpcs", "code": code, "message": "no", "status": 403}])
    result = cloudrails("network", "create")
    assert result.code == 77 and code in result.stderr, result
    assert endpoint.mutating() == []


def test_a_permission_that_is_missing(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    endpoint.moods(denied=["CreateVpc"])
    result = cloudrails("network", "create")
    assert result.code == 77 and "ec2:CreateVpc" in result.stderr and "request id" in result.stderr, result


@pytest.mark.parametrize("region", ["us-east-2a", "nowhere", "US-EAST-2"])
def test_a_region_that_is_none(cloudrails: Cloudrails, endpoint: Endpoint, region: str) -> None:
    result = cloudrails(*LAUNCH, "--region", region)
    assert result.code == 78 and region in result.stderr, result
    assert endpoint.calls() == []


def test_no_region(cloudrails: Cloudrails) -> None:
    result = cloudrails("node", "list", AWS_REGION=None)
    assert result.code == 78 and "AWS_REGION" in result.stderr


def test_files_that_are_malformed(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    folder = cloudrails.home / ".aws"
    folder.mkdir()
    (folder / "config").write_text("[default]\nregion = us-east-2\nnonsense\n")
    result = cloudrails("node", "list")
    assert result.code == 78 and "config:3" in result.stderr, result
    assert endpoint.calls() == []


def test_the_endpoint_is_down(cloudrails: Cloudrails) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        result = cloudrails("node", "list", AWS_ENDPOINT_URL=url, AWS_MAX_ATTEMPTS="1")
    assert result.code == 69 and "cannot be reached" in result.stderr, result


def test_a_key_in_aws_without_its_file(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    cloudrails.ok("network", "create")
    key = cloudrails.home / ".config/cloudrails/keys/blockchain-nodes-keypair.pem"
    other = key.with_name("other")
    key.rename(other)
    endpoint.forget()
    result = cloudrails(*LAUNCH)
    assert result.code == 1 and "--key-file" in result.stderr and "--key-pair" in result.stderr, result
    cloudrails.ok("network", "create", "--network", "second")
    result = cloudrails("network", "create", "--key-file", str(key.with_name("second-keypair.pem")))
    assert result.code == 1 and "is not the private half" in result.stderr, result
    cloudrails.ok("network", "create", "--key-file", str(other))


def test_a_name_that_runs_something_else(cloudrails: Cloudrails) -> None:
    cloudrails.ok(*LAUNCH, "--name", "one")
    result = cloudrails("node", "launch", "bitcoin.org/testnet4", "--yes", "--name", "one")
    assert result.code == 64 and "it runs bitcoin.org/signet" in result.stderr, result


def test_a_node_that_is_not_there(cloudrails: Cloudrails) -> None:
    cloudrails.ok(*LAUNCH, "--name", "one")
    result = cloudrails("node", "show", "two")
    assert result.code == 1 and "one" in result.stderr, result


def test_an_outdated_pin_warns(cloudrails: Cloudrails) -> None:
    result = cloudrails.ok("node", "launch", "litecoin.org/testnet", "--yes")
    assert "warning:" in result.stderr and "outdated" in result.stderr
