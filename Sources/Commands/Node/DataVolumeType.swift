import CommandLineKit

/// The types of volume that a chain's data may lie on, by EC2's names; the magnetic ones are too slow for any chain.
enum DataVolumeType: String, CaseIterable, ExpressibleByArgument {
    case gp3, gp2, io1, io2
}
