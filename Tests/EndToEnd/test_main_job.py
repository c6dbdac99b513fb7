"""From nothing to a launched node and back, as a user would, with boto3 looking at the result."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from conftest import REGION, Cloudrails, Endpoint, inventory

TARGET = "bitcoin.org/signet"
NODE = "bitcoin.org-signet"


def tags(thing: dict) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in thing.get("Tags", [])}


def test_cold_warm_delete(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    before = inventory(endpoint)
    launched = cloudrails.ok("node", "launch", TARGET, "--yes", "--json").json
    assert launched["isNew"] and launched["node"]["state"] == "running"
    made = inventory(endpoint)

    endpoint.forget()
    again = cloudrails.ok("node", "launch", TARGET, "--yes", "--json").json
    assert not again["isNew"] and again["node"]["instance"] == launched["node"]["instance"]
    cloudrails.ok("network", "create")
    assert endpoint.mutating() == []
    assert inventory(endpoint) == made

    cloudrails.ok("node", "terminate", NODE, "--yes", "--delete-data")
    cloudrails.ok("network", "delete", "--yes")
    assert inventory(endpoint) == before
    endpoint.forget()
    cloudrails.ok("network", "delete", "--yes")
    assert endpoint.mutating() == []


def test_what_a_launch_makes(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    cloudrails.ok("node", "launch", TARGET, "--yes", "--zone", f"{REGION}b", "--disk-size", "200")
    ec2 = endpoint.client("ec2")
    instance = ec2.describe_instances()["Reservations"][0]["Instances"][0]
    assert instance["Placement"]["AvailabilityZone"] == f"{REGION}b"
    assert instance["ImageId"].startswith("ami-0000000000arm64")
    assert instance["PublicIpAddress"]
    assert tags(instance) == {
        "Name": NODE, "cloudrails:node": NODE, "cloudrails:network": "blockchain-nodes", "cloudrails:chain": TARGET}
    volumes = {v["Attachments"][0]["Device"]: v for v in ec2.describe_volumes()["Volumes"]}
    data = volumes["/dev/xvdf"]
    assert (data["Size"], data["VolumeType"], data["Iops"]) == (200, "gp3", 3000)
    assert tags(data)["cloudrails:chain"] == TARGET
    mapping = {m["DeviceName"]: m["Ebs"]["DeleteOnTermination"] for m in instance["BlockDeviceMappings"]}
    assert mapping == {"/dev/sda1": True, "/dev/xvdf": False}
    run = next(call for call in endpoint.calls() if call["action"] == "RunInstances")["parameters"]
    assert run["MetadataOptions.HttpTokens"] == "required"
    assert run["BlockDeviceMapping.2.Ebs.Throughput"] == "125"  # moto drops it
    assert run["IamInstanceProfile.Name"] == "blockchain-node-role"
    resource_types = {run[f"TagSpecification.{n}.ResourceType"] for n in (1, 2, 3)}
    assert resource_types == {"instance", "volume", "network-interface"}
    groups = {g["GroupName"]: g for g in ec2.describe_security_groups()["SecurityGroups"]}
    assert groups["blockchain-nodes-sg"]["IpPermissions"] == []
    ports = {(r["FromPort"], r["IpProtocol"]) for r in groups[f"blockchain-nodes-{NODE}"]["IpPermissions"]}
    assert ports == {(38333, "tcp")}


def test_network_is_whole(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    report = cloudrails.ok("network", "create", "--json").json
    assert report["isComplete"]
    assert cloudrails.ok("network", "show", "--json").json == report
    assert "MISSING" not in cloudrails.ok("network", "show").stdout
    ec2, iam = endpoint.client("ec2"), endpoint.client("iam")
    vpc = next(v for v in ec2.describe_vpcs()["Vpcs"] if tags(v).get("cloudrails:network"))
    assert vpc["CidrBlock"] == "10.1.0.0/16"
    subnets = [s for s in ec2.describe_subnets()["Subnets"] if s["VpcId"] == vpc["VpcId"]]
    assert {s["AvailabilityZone"] for s in subnets} == {f"{REGION}{letter}" for letter in "abc"}
    table = next(t for t in ec2.describe_route_tables()["RouteTables"] if tags(t))
    assert any(r.get("GatewayId", "").startswith("igw-") for r in table["Routes"])
    assert {a["SubnetId"] for a in table["Associations"]} == {s["SubnetId"] for s in subnets}
    policy = iam.get_role_policy(RoleName="blockchain-node-role", PolicyName="cloudrails-node")["PolicyDocument"]
    assert "cloudrails:status" in json.dumps(policy)
    key = cloudrails.home / ".config/cloudrails/keys/blockchain-nodes-keypair.pem"
    assert key.stat().st_mode & 0o777 == 0o400
    assert key.parent.stat().st_mode & 0o777 == 0o700


def test_a_part_that_disappears_is_made_again(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    cloudrails.ok("network", "create")
    whole = inventory(endpoint)
    ec2, iam = endpoint.client("ec2"), endpoint.client("iam")
    subnet = next(s for s in ec2.describe_subnets()["Subnets"] if tags(s) and s["AvailabilityZone"].endswith("b"))
    ec2.delete_subnet(SubnetId=subnet["SubnetId"])
    iam.delete_role_policy(RoleName="blockchain-node-role", PolicyName="cloudrails-node")
    gateway = next(g for g in ec2.describe_internet_gateways()["InternetGateways"] if tags(g))
    ec2.detach_internet_gateway(
        InternetGatewayId=gateway["InternetGatewayId"], VpcId=gateway["Attachments"][0]["VpcId"])
    shown = cloudrails.ok("network", "show")
    assert shown.stdout.count("MISSING") == 2 and "not attached" in shown.stdout
    cloudrails.ok("network", "create")
    assert inventory(endpoint) == whole


def test_foreign_things_are_never_touched(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    ec2 = endpoint.client("ec2")
    named = [{"Key": "Name", "Value": "blockchain-nodes"}]
    vpc = ec2.create_vpc(
        CidrBlock="10.1.0.0/16", TagSpecifications=[{"ResourceType": "vpc", "Tags": named}])["Vpc"]["VpcId"]
    ec2.create_security_group(GroupName="blockchain-nodes-sg", Description="theirs", VpcId=vpc)
    ec2.create_key_pair(KeyName="somebody-elses")
    ec2.run_instances(
        ImageId="ami-0000000000arm6424", InstanceType="t4g.small", MinCount=1, MaxCount=1,
        TagSpecifications=[{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": NODE}]}])
    before = inventory(endpoint)
    cloudrails.ok("node", "launch", TARGET, "--yes")
    assert [node["name"] for node in cloudrails.ok("node", "list", "--json").json["nodes"]] == [NODE]
    cloudrails.ok("node", "terminate", NODE, "--yes", "--delete-data")
    cloudrails.ok("network", "delete", "--yes")
    assert inventory(endpoint) == before


@pytest.mark.parametrize("kind", ["role", "instance-profile"])
def test_a_role_that_is_not_ours(cloudrails: Cloudrails, endpoint: Endpoint, kind: str) -> None:
    iam = endpoint.client("iam")
    if kind == "role":
        iam.create_role(RoleName="blockchain-node-role", AssumeRolePolicyDocument="{}")
    else:
        iam.create_instance_profile(InstanceProfileName="blockchain-node-role")
    result = cloudrails("network", "create")
    assert result.code == 1 and "not ours" in result.stderr and "--role" in result.stderr


def test_dry_run_is_the_real_run(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    plan = cloudrails.ok("node", "launch", TARGET, "--dry-run", "--json").json["calls"]
    assert endpoint.mutating() == []
    assert not (cloudrails.home / ".config").exists()
    endpoint.forget()
    cloudrails.ok("node", "launch", TARGET, "--yes")
    assert sorted(call["action"] for call in plan) == sorted(endpoint.mutating())
    assert cloudrails.ok("node", "launch", TARGET, "--dry-run").stdout.strip() == "Nothing would be changed."


def test_check_permissions(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    endpoint.moods(denied=["RunInstances"])
    plan = cloudrails.ok("node", "launch", TARGET, "--dry-run", "--check-permissions", "--json").json["calls"]
    said = {call["action"]: call["permission"] for call in plan}
    assert said["RunInstances"] == "denied" and said["CreateVpc"] == "allowed" and said["CreateRole"] == "unknown"


def test_capacity_goes_to_the_next_zone(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    endpoint.moods(full=[f"{REGION}a"])
    assert cloudrails.ok("node", "launch", TARGET, "--yes", "--json").json["node"]["zone"] == f"{REGION}b"
    endpoint.moods(full=[f"{REGION}{letter}" for letter in "abc"])
    result = cloudrails("node", "launch", TARGET, "--yes", "--name", "other")
    assert result.code == 75 and "t4g.medium" in result.stderr
    runs = [call for call in endpoint.calls() if call["action"] == "RunInstances"]
    assert len(runs) == 2 + 3


def test_quota_is_named(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    endpoint.moods(refusals=[{"action": "RunInstances", "code": "VcpuLimitExceeded", "message": "too many"}])
    result = cloudrails("node", "launch", TARGET, "--yes")
    assert result.code == 1 and "L-1216C47A" in result.stderr and "request-service-quota-increase" in result.stderr
    assert endpoint.mutating().count("RunInstances") == 1
    endpoint.moods(refusals=[], vpcs=1)
    result = cloudrails("network", "create", "--network", "second")
    assert result.code == 1 and "L-F678F1CE" in result.stderr


def test_moods_of_aws(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    endpoint.moods(use_lag=1.0, profile_lag=2.0, pending=1.5, stopping=1.5)
    before = inventory(endpoint)
    launched = cloudrails.ok("node", "launch", TARGET, "--yes", "--json").json
    assert launched["node"]["state"] == "running"
    cloudrails.ok("node", "terminate", NODE, "--yes", "--delete-data")
    cloudrails.ok("network", "delete", "--yes")
    assert inventory(endpoint) == before


def test_the_owner_of_the_image_is_pinned(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    endpoint.moods(refusals=[{"action": "GetParameter", "code": "ParameterNotFound"}])
    node = cloudrails.ok("node", "launch", TARGET, "--yes", "--json").json["node"]
    image = endpoint.client("ec2").describe_images(ImageIds=[node["image"]])["Images"][0]
    assert image["OwnerId"] == "099720109477"


def test_data_is_kept_unless_it_is_to_go(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    cloudrails.ok("node", "launch", TARGET, "--yes")
    result = cloudrails.ok("node", "terminate", NODE, "--yes", "--json").json
    volumes = endpoint.client("ec2").describe_volumes()["Volumes"]
    assert [v["VolumeId"] for v in volumes] == [result["keptVolume"]]


def test_a_place_of_ones_own(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    ec2 = endpoint.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(
        VpcId=vpc, CidrBlock="10.9.0.0/24", AvailabilityZone=f"{REGION}c")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName="mine", Description="mine", VpcId=vpc)["GroupId"]
    node = cloudrails.ok(
        "node", "launch", TARGET, "--yes", "--json", "--name", "own", "--subnet", subnet, "--security-group", group,
        "--key-pair", "my-key", "--role", "my-role", "--instance-type", "t3.large", "--disk-size", "120").json["node"]
    assert (node["subnet"], node["zone"], node["keyPair"], node["type"]) == (subnet, f"{REGION}c", "my-key", "t3.large")
    assert node["architecture"] == "x86_64"
    assert "CreateVpc" not in endpoint.mutating()[2:]
    assert inventory(endpoint)["groups"] == ["mine []"]


def test_ssh_is_open_only_to_whom_it_is_opened(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    cloudrails.ok("network", "create", "--ssh-from", "203.0.113.7")
    groups = endpoint.client("ec2").describe_security_groups()["SecurityGroups"]
    group = next(g for g in groups if g["GroupName"] == "blockchain-nodes-sg")
    assert [(r["FromPort"], [i["CidrIp"] for i in r["IpRanges"]]) for r in group["IpPermissions"]] == [
        (22, ["203.0.113.7/32"])]


def test_delete_refuses_while_nodes_live(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    cloudrails.ok("node", "launch", TARGET, "--yes")
    endpoint.forget()
    result = cloudrails("network", "delete", "--yes")
    assert result.code == 1 and NODE in result.stderr and endpoint.mutating() == []


def test_the_role_stays_while_another_region_needs_it(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    cloudrails.ok("network", "create")
    cloudrails.ok("network", "create", "--region", "eu-central-1")
    kept = cloudrails.ok("network", "delete", "--yes", "--json").json["kept"]
    assert len(kept) == 1 and "eu-central-1" in kept[0]
    assert inventory(endpoint)["roles"]
    assert cloudrails.ok("network", "delete", "--yes", "--region", "eu-central-1", "--json").json["kept"] == []
    assert not inventory(endpoint)["roles"]


def test_node_list_goes_through_pages(cloudrails: Cloudrails, endpoint: Endpoint) -> None:
    def launch(number: int) -> None:
        named = [{"Key": "cloudrails:node", "Value": f"n{number}"}, {"Key": "cloudrails:chain", "Value": TARGET}]
        ec2.run_instances(
            ImageId="ami-0000000000arm6424", InstanceType="t4g.small", MinCount=1, MaxCount=1,
            TagSpecifications=[{"ResourceType": "instance", "Tags": named}])

    ec2 = endpoint.client("ec2")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(launch, range(1_001)))
    endpoint.forget()
    assert len(cloudrails.ok("node", "list").stdout.splitlines()) == 1_002
    assert [call["action"] for call in endpoint.calls()] == ["DescribeInstances"] * 2
