"""What a competent engineer writes with boto3: one subnet, one node, step by step. It cannot be run twice."""

import json
import os

import boto3

CANONICAL = "/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id"
NAME = "boto3-nodes"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def tagged(kind, name=NAME):
    return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]


def main():
    ec2, iam, ssm = (boto3.client(service) for service in ("ec2", "iam", "ssm"))
    vpc = ec2.create_vpc(CidrBlock="10.1.0.0/16", TagSpecifications=tagged("vpc"))["Vpc"]["VpcId"]
    gateway = ec2.create_internet_gateway(TagSpecifications=tagged("internet-gateway"))
    gateway = gateway["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    subnet = ec2.create_subnet(
        VpcId=vpc, CidrBlock="10.1.0.0/20", AvailabilityZone="us-east-2a", TagSpecifications=tagged("subnet")
    )["Subnet"]["SubnetId"]
    table = ec2.create_route_table(VpcId=vpc, TagSpecifications=tagged("route-table"))["RouteTable"]["RouteTableId"]
    ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", GatewayId=gateway)
    ec2.associate_route_table(RouteTableId=table, SubnetId=subnet)
    ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-east-2.s3", RouteTableIds=[table])
    group = ec2.create_security_group(GroupName=NAME, Description="nodes", VpcId=vpc)["GroupId"]
    rule = {"IpProtocol": "tcp", "FromPort": 38333, "ToPort": 38333, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    key = ec2.create_key_pair(KeyName=NAME, KeyType="ed25519")["KeyMaterial"]
    path = os.path.join(os.environ["HOME"], f"{NAME}.pem")
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o400), "w", encoding="utf-8") as file:
        file.write(key)
    iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=json.dumps(TRUST))
    iam.attach_role_policy(RoleName=NAME, PolicyArn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore")
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "arn:aws:ec2:*:*:instance/*"}],
    }
    iam.put_role_policy(RoleName=NAME, PolicyName="status", PolicyDocument=json.dumps(policy))
    iam.create_instance_profile(InstanceProfileName=NAME)
    iam.add_role_to_instance_profile(InstanceProfileName=NAME, RoleName=NAME)
    image = ssm.get_parameter(Name=CANONICAL)["Parameter"]["Value"]
    instance = ec2.run_instances(
        ImageId=image, InstanceType="t4g.medium", MinCount=1, MaxCount=1, KeyName=NAME,
        IamInstanceProfile={"Name": NAME}, MetadataOptions={"HttpTokens": "required"}, UserData="#!/bin/sh\n",
        NetworkInterfaces=[
            {"DeviceIndex": 0, "SubnetId": subnet, "Groups": [group], "AssociatePublicIpAddress": True}],
        BlockDeviceMappings=[
            {"DeviceName": "/dev/xvdf", "Ebs": {"VolumeSize": 80, "VolumeType": "gp3", "DeleteOnTermination": False}}],
        TagSpecifications=tagged("instance"),
    )["Instances"][0]["InstanceId"]
    ec2.get_waiter("instance_running").wait(InstanceIds=[instance])
    print(instance)


if __name__ == "__main__":
    main()
