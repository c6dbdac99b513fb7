import ChainKit
import Engine

/// What a launch would make, for people to look at before they say yes.
struct LaunchSummary {
    var request: LaunchRequest
    var survey: LaunchSurvey
    var region: String

    var text: String {
        """
        Account \(survey.account), region \(region)
        Node    \(request.name): \(request.profile.title)
        Machine \(request.instanceType) (\(request.architecture.rawValue))\(request.isSpot ? ", spot" : "")
        Image   \(image)
        Disk    \(disk)
        """
    }

    private var image: String {
        if let image = survey.image {
            return image.inWords(account: survey.account) + (image.region == region ? "" : copying(image))
        }
        guard survey.volume == nil else { return "Ubuntu 24.04" }
        return request.image == .fresh
            ? "none, as you said: the chain is synced from its beginning"
            : "none of \(request.profile.target) for \(request.architecture.rawValue) here: "
                + "the chain is synced from its beginning"
    }

    /// It costs time, and money also after the node is gone.
    private func copying(_ image: NodeImage) -> String {
        "; it is in \(image.region), and copied first: AWS takes from minutes to hours, and bills the transfer; "
            + "the copy stays, for at most $\(Dollars.text(image.copyMonthlyUSDAtMost)) a month"
    }

    private var disk: String {
        if let volume = survey.volume {
            let instead =
                survey.passedOver.map { "; it goes before \($0.id) of block \($0.height) (--new-volume)" } ?? ""
            return "\(volume.id), \(volume.inWords): its data is gone on with\(instead)"
        }
        let disk = request.disk
        let data = survey.image?.dataVolume
        return "\(max(disk.sizeGiB, data?.sizeGiB ?? 0)) GiB \(disk.type)\(disk.iops.map { ", \($0) IOPS" } ?? "")"
            + "\(disk.throughputMiBps.map { ", \($0) MiB/s" } ?? "")\(data == nil ? "" : filling)"
    }

    private var filling: String {
        guard let rate = request.initializationRate else {
            return "; its blocks are loaded in the background, and what is read first meanwhile is slow"
        }
        return "; its blocks are loaded at \(rate) MiB/s, which AWS charges for once"
    }
}
