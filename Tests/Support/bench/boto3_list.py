"""`node list` as a boto3 paginator does it."""

import boto3


def main():
    pages = boto3.client("ec2").get_paginator("describe_instances").paginate(
        Filters=[{"Name": "tag-key", "Values": ["cloudrails:node"]}], PaginationConfig={"PageSize": 1000})
    for page in pages:
        for reservation in page["Reservations"]:
            for instance in reservation["Instances"]:
                tags = {tag["Key"]: tag["Value"] for tag in instance["Tags"]}
                print(
                    tags["cloudrails:node"], tags.get("cloudrails:chain"), instance["State"]["Name"],
                    instance["InstanceType"], instance["Placement"]["AvailabilityZone"],
                    instance.get("PublicIpAddress", "-"), instance["LaunchTime"], sep="\t")


if __name__ == "__main__":
    main()
