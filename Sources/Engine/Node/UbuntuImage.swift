import AWS
import ChainKit

/// Ubuntu 24.04, as Canonical publishes it. Whatever name or parameter leads to an image, its owner must be Canonical:
/// anybody may publish an image under any name.
public enum UbuntuImage {
    /// Canonical's account, which is another in each partition
    /// (https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/).
    static func owner(region: String) -> String {
        switch Partition.of(region: region).name {
        case "aws-us-gov": "513442679011"
        case "aws-cn": "837727238323"
        default: "099720109477"
        }
    }

    /// The public parameter that names the newest image.
    static func parameter(_ architecture: Architecture) -> String {
        "/aws/service/canonical/ubuntu/server/24.04/stable/current/\(debianName(architecture))/hvm/ebs-gp3/ami-id"
    }

    /// The names of all such images.
    static func namePattern(_ architecture: Architecture) -> String {
        "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-\(debianName(architecture))-server-*"
    }

    private static func debianName(_ architecture: Architecture) -> String {
        switch architecture {
        case .arm64: "arm64"
        case .x86: "amd64"
        }
    }
}

extension Environment {
    /// What Canonical's public parameter says; nil where the endpoint has none. SSM GetParameter.
    func ubuntuParameter(_ architecture: Architecture) async throws -> ImageID? {
        do {
            return ImageID(rawValue: try await aws.call(GetParameter(name: UbuntuImage.parameter(architecture))).value)
        } catch let error as AWSError where error.code == "ParameterNotFound" || error.kind == .permission {
            return nil
        }
    }

    /// The image of the parameter if Canonical owns it, else the newest that Canonical owns. EC2 DescribeImages.
    func ubuntuImage(_ architecture: Architecture, parameter: ImageID?) async throws -> Image {
        let owner = UbuntuImage.owner(region: region)
        if let parameter {
            let named = try await unlessMissing {
                try await aws.all(DescribeImages(owners: [owner], imageIDs: [parameter]))
            }
            if let image = named?.first(where: { $0.ownerID == owner }) { return image }
        }
        let filters = [
            Filter("name", [UbuntuImage.namePattern(architecture)]), Filter("state", ["available"]),
            Filter("architecture", [architecture.rawValue]),
        ]
        let images = try await aws.all(DescribeImages(owners: [owner], filters: filters))
            .filter { $0.ownerID == owner }
        guard let newest = images.max(by: { $0.creationDate < $1.creationDate }) else {
            throw Problem(
                "There is no image of Ubuntu 24.04 for \(architecture.rawValue) in \(region)",
                cause: "neither Canonical's public parameter nor account \(owner) offers one",
                fix: "choose another region with --region")
        }
        return newest
    }
}
