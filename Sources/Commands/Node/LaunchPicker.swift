import AWS
import ChainKit
import ChainRegistry
import CommandLineKit
import Engine

/// Lets a person choose what to launch: a target from the image table, then the size of its disk and the type of its machine.
/// What was said in options is not asked; what is chosen is put there.
struct LaunchPicker {
    let session: Session
    let machine: MachineOptions
    let image: ImageOptions

    func pick() async throws -> any ChainProfile {
        let images = try await session.environment.images()
        let profile = try target(images)
        let newest = image.fresh ? nil : images.newest(of: profile.target)
        // The machine must be able to boot the image that is seen in the table.
        if machine.arch == nil, machine.instanceType == nil, let architecture = newest?.architecture,
            architecture != profile.architecture, profile.instanceTypes[architecture] != nil
        {
            machine.arch = architecture
        }
        if machine.diskSize == nil, machine.volume == nil { try size(profile, newest) }
        if machine.instanceType == nil { try await type(profile) }
        return profile
    }

    private func target(_ images: [NodeImage]) throws -> any ChainProfile {
        let profiles = ChainRegistry.profiles
        let rows = profiles.map { profile in
            let image = images.newest(of: profile.target)
            return [
                profile.target.description, image.map { "\($0.height)" } ?? "-",
                image.map { "\($0.ageDays()) days" } ?? "-", "\(profile.disk.sizeGiB) GiB", profile.title,
            ]
        }
        let picker = Picker(
            "What do you want to run in \(session.region)?", header: ["TARGET", "IMAGE AT", "AGE", "DISK", "NAME"],
            rows: rows, keeping: [0])
        guard case .row(let index) = try session.context.pick(picker) else { throw Declined() }
        return profiles[index]
    }

    private func size(_ profile: any ChainProfile, _ image: NodeImage?) throws {
        let plan = profile.disk
        let least = max(plan.usedGiB, image?.dataVolume?.sizeGiB ?? 0)
        let usual = max(plan.sizeGiB, least)
        let sizes = [usual, usual * 3 / 2, usual * 2]
        let rows = sizes.map { size in
            let months = plan.growthGiBPerMonth > 0 ? (size - plan.usedGiB) / plan.growthGiBPerMonth : nil
            return ["\(size) GiB", months.map { "\($0) months" } ?? "-"]
        }
        let picker = Picker(
            "How large is its data volume? The chain takes \(plan.usedGiB) GiB (\(plan.asOf)).",
            header: ["SIZE", "LASTS ABOUT"], rows: rows
        ) { text in
            Int(text).flatMap { $0 >= least ? "\($0) GiB" : nil }
        }
        switch try session.context.pick(picker) {
        case .row(0): break
        case .row(let index): machine.diskSize = sizes[index]
        case .typed(let text): machine.diskSize = Int(text)
        }
    }

    private func type(_ profile: any ChainProfile) async throws {
        guard let own = profile.instanceTypes[machine.arch ?? profile.architecture] else { return }
        let family = try await session.environment.family(of: own)
        let rows = family.map { ["\($0.instanceType)", "\($0.vCPUs)", "\($0.memoryMiB / 1_024) GiB"] }
        let picker = Picker(
            "Which machine? \(own) is meant for it.", header: ["TYPE", "VCPU", "MEMORY"], rows: rows, keeping: [0],
            selected: family.firstIndex { $0.instanceType == own.rawValue } ?? 0
        ) { text in
            MachineName.isInstanceType(text) ? text : nil
        }
        let chosen =
            switch try session.context.pick(picker) {
            case .row(let index): family[index].instanceType
            case .typed(let text): text
            }
        if chosen != own.rawValue { machine.instanceType = chosen }
    }
}
