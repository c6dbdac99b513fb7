/// The scripts that every node gets, as bytes.
public enum NodeTemplate {
    /// `bootstrap.sh`: runs at every boot until the node stands.
    public static let bootstrap: [UInt8] = PackageResources.bootstrap_sh
    /// `cloudrails-node`: the helper that stays on the node.
    public static let helper: [UInt8] = PackageResources.cloudrails_node
    /// `seal.sh`: how the helper makes the disks fit for an image.
    public static let seal: [UInt8] = PackageResources.seal_sh
    /// `status.py`: how the helper words what it knows.
    public static let status: [UInt8] = PackageResources.status_py
}
