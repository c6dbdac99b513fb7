import AWS
import ChainKit

/// Which image a launch starts from.
public enum ImageChoice: Sendable, Equatable {
    /// The newest that is good; where there is none, the chain is synced from its beginning.
    case newest
    /// None.
    case fresh
    /// This one, by its id or its name.
    case named(String)
    /// The highest up to this block.
    case upTo(Int)
}

extension Environment {
    /// The images that a launch may start from: one DescribeImages, none where no image is wanted.
    func imageCandidates(_ request: LaunchRequest) async throws -> [NodeImage] {
        if case .volume = request.data { return [] }
        switch request.image {
        case .fresh: return []
        case .named(let text): return try await findImage(named: text).map { [$0] } ?? []
        case .newest, .upTo: return try await images(of: request.profile.target)
        }
    }

    /// The look-up named its owners; nothing is launched whose owner is another all the same.
    func trusted(_ images: [NodeImage], account: String) -> [NodeImage] {
        images.filter { $0.owner == account || trustedOwners.contains($0.owner) }
    }

    /// The image to start from, in this region or in the one that it may be copied from; nil where none is needed.
    /// - Throws: `Problem` where what was asked for is not there, or does not fit.
    func chosenImage(_ found: [NodeImage], _ request: LaunchRequest, account: String) async throws -> NodeImage? {
        if case .volume = request.data { return nil }
        if let image = try found.chosenHere(request) { return image }
        var all = found
        if let other = request.copyImageFrom, other != region, request.image != .fresh {
            let there = elsewhere(other)
            let images = there.trusted(try await there.imageCandidates(request), account: account)
            if let image = try images.chosen(request) { return image }
            all += images
        }
        if case .named(let text) = request.image {
            // One that was passed over above, as a copy, is none: this says what is wrong with it.
            _ = try found.chosen(request)
            throw try await unknownImage(text)
        }
        if request.image == .fresh || (request.image == .newest && request.copyImageFrom == nil) { return nil }
        throw noImage(all, request)
    }

    /// What was looked for, where, and what there is instead.
    private func noImage(_ found: [NodeImage], _ request: LaunchRequest) -> Problem {
        let limit = if case .upTo(let height) = request.image { " up to block \(height)" } else { "" }
        let places = [region] + (request.copyImageFrom.map { [$0] } ?? [])
        let there = found.filter(\.isGood).map { "\($0.height) (\($0.architecture.rawValue), \($0.region))" }
        return Problem(
            "There is no image of \(request.profile.target) for \(request.architecture.rawValue)\(limit) in "
                + places.joined(separator: " or "),
            cause: there.isEmpty ? "there is none at all" : "there are images of \(there.joined(separator: ", "))",
            fix: "cloudrails image list, or --fresh for a node that syncs from the beginning", kind: .usage)
    }

    /// An image that neither this account nor a trusted one has. Only here an owner is not named, and nothing is launched.
    private func unknownImage(_ text: String) async throws -> Problem {
        let found = try await unlessMissing {
            ImageHandle.isID(text)
                ? try await aws.all(DescribeImages(owners: [], imageIDs: [ImageID(rawValue: text)])).first : nil
        }
        guard let image = found ?? nil else {
            return Problem(
                "There is no image \(text) in \(region)", fix: "cloudrails image list, or another region with --region",
                kind: .usage)
        }
        guard ImageName(image.name) != nil else {
            return Problem("\(text) is no image of a node", fix: "cloudrails image list", kind: .usage)
        }
        return Problem(
            "\(text) belongs to account \(image.ownerID), which you do not trust",
            cause: "anybody may publish an image under any name",
            fix: "cloudrails image trust \(image.ownerID), if you know whose account that is", kind: .usage)
    }
}

extension [NodeImage] {
    /// The image that a launch starts from if nothing else is said.
    func newest(of request: LaunchRequest) -> NodeImage? {
        filter(\.hasData).newest(of: request.profile.target, request.architecture)
    }

    /// The same among this region's. Where an image may be copied here, one that is being made is passed over: it is the copy
    /// that an earlier run began, under the name of the image that it is made of, and is taken up as that.
    fileprivate func chosenHere(_ request: LaunchRequest) throws -> NodeImage? {
        try (request.copyImageFrom == nil ? self : filter { $0.state != "pending" }).chosen(request)
    }

    /// The image that was asked for; nil where it is not among these.
    /// - Throws: `Problem` where it is, and does not fit.
    func chosen(_ request: LaunchRequest) throws -> NodeImage? {
        switch request.image {
        case .fresh: return nil
        case .newest: return newest(of: request)
        case .upTo(let height): return filter { $0.height <= height }.newest(of: request)
        case .named:
            guard let image = first else { return nil }
            try image.check(request)
            return image
        }
    }
}

extension NodeImage {
    /// True where a data volume can be made from it.
    fileprivate var hasData: Bool { dataVolume?.snapshot != nil }

    fileprivate func check(_ request: LaunchRequest) throws {
        guard target == request.profile.target.description else {
            throw Problem(
                "\(id) is an image of \(target)", cause: "\(request.profile.target) cannot start from it",
                fix: "choose another: cloudrails image list", kind: .usage)
        }
        guard architecture == request.architecture else {
            throw Problem(
                "\(id) is an image for \(architecture.rawValue)",
                cause: "the node is to run on \(request.architecture.rawValue)",
                fix: "add --arch \(architecture.rawValue), or choose another: cloudrails image list", kind: .usage)
        }
        guard isGood, hasData else {
            throw Problem(
                "\(id) cannot be launched",
                cause: state != "available"
                    ? "it is \(state)"
                    : hasData ? "nobody says that its data is whole" : "it has no data volume",
                fix: "choose another: cloudrails image list", kind: .usage)
        }
    }
}
