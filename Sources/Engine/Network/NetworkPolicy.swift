import AWS

/// What the nodes' role may do, and who may take it.
enum NetworkPolicy {
    /// Lets Systems Manager reach the node, so that port 22 can stay closed.
    /// Other partitions than `aws` have their own copy.
    static func managedPolicyARN(region: String) -> String {
        "arn:\(Partition.of(region: region).name):iam::aws:policy/AmazonSSMManagedInstanceCore"
    }

    /// The inline policy's name.
    static let inlineName = "cloudrails-node"

    /// Only EC2 instances take the role.
    static func trust(region: String) -> String {
        let suffix = region.hasPrefix("cn-") ? ".com.cn" : ".com"
        return #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws"#
            + suffix + #""},"Action":"sts:AssumeRole"}]}"#
    }

    /// A node writes one tag, on instances of ours only, and finds its data volume by id.
    /// Condition keys of CreateTags: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
    /// DescribeVolumes knows no resource-level permission.
    static func inline(region: String) -> String {
        let instances = "arn:\(Partition.of(region: region).name):ec2:*:*:instance/*"
        return """
            {"Version":"2012-10-17","Statement":[\
            {"Sid":"OwnStatusTag","Effect":"Allow","Action":"ec2:CreateTags","Resource":"\(instances)","Condition":{\
            "ForAllValues:StringEquals":{"aws:TagKeys":["\(Tags.status)"]},\
            "Null":{"aws:TagKeys":"false","ec2:ResourceTag/\(Tags.node)":"false"}}},\
            {"Sid":"FindDataVolume","Effect":"Allow","Action":"ec2:DescribeVolumes","Resource":"*"}]}
            """
    }
}
