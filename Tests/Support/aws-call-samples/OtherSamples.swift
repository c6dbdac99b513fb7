import AWS

private let tags = [Tag("Name", "blockchain nodes"), Tag("cloudrails:network", "a=b+c d/e@f")]
private let role = "blockchain-node-role"
private let policy = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
private let document = #"{"Version": "2012-10-17", "Statement": [{"Sid": "ünï & +", "Effect": "Allow"}]}"#

let iamSamples: [any AWSOperation] = [
    GetRole(roleName: role),
    CreateRole(roleName: role, assumeRolePolicyDocument: document, description: "Blockchain nodes, all", tags: tags),
    DeleteRole(roleName: role),
    ListAttachedRolePolicies(roleName: role),
    AttachRolePolicy(roleName: role, policyARN: policy),
    DetachRolePolicy(roleName: role, policyARN: policy),
    GetRolePolicy(roleName: role, policyName: "status"),
    PutRolePolicy(roleName: role, policyName: "status", policyDocument: document),
    DeleteRolePolicy(roleName: role, policyName: "status"),
    GetInstanceProfile(instanceProfileName: role),
    CreateInstanceProfile(instanceProfileName: role, tags: tags),
    AddRoleToInstanceProfile(instanceProfileName: role, roleName: role),
    RemoveRoleFromInstanceProfile(instanceProfileName: role, roleName: role),
    DeleteInstanceProfile(instanceProfileName: role),
]

let ssmSamples: [any AWSOperation] = [
    GetParameter(
        name: "/aws/service/canonical/ubuntu/server/24.04/stable/current/arm64/hvm/ebs-gp3/ami-id"),
    describeInstanceInformation,
    DescribeInstanceInformation(instanceIDs: [instance]),
    SendCommand(instanceID: instance, script: "echo \"ü\"\n", comment: "cloudrails: status", timeoutSeconds: 120),
    GetCommandInvocation(commandID: "f5b2a6f0-6d1c-4c3a-9f0e-0123456789ab", instanceID: instance),
    StartSession(target: instance),
    StartSession(
        target: instance, documentName: "AWS-StartPortForwardingSession",
        parameters: ["portNumber": ["8545"], "localPortNumber": ["18545"]]),
]

private let instance: InstanceID = "i-0123456789abcdef0"

private var describeInstanceInformation: DescribeInstanceInformation {
    var call = DescribeInstanceInformation(instanceIDs: [instance])
    call.nextToken = "a page/+="
    return call
}

let stsSamples: [any AWSOperation] = [
    GetCallerIdentity(),
    AssumeRole(roleARN: "arn:aws:iam::123456789012:role/operator", roleSessionName: "cloudrails-1"),
    AssumeRole(
        roleARN: "arn:aws:iam::123456789012:role/operator", roleSessionName: "me@example.com", durationSeconds: 3_600,
        externalID: "a,b:c=d/e", serialNumber: "arn:aws:iam::123456789012:mfa/me", tokenCode: "012345"),
    AssumeRoleWithWebIdentity(
        roleARN: "arn:aws:iam::123456789012:role/operator", roleSessionName: "cloudrails-1",
        webIdentityToken: "eyJ0.e+/=.x_-"),
]
