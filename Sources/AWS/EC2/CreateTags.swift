/// EC2 CreateTags: sets tags on a thing that exists.
public struct CreateTags: EC2Operation, SilentOperation, DryRunnable {
    /// Ids of any kind.
    public var resources: [String]
    /// The tags; a key that is there gets the new value.
    public var tags: [Tag]
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat changes nothing.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(resources: [String], tags: [Tag]) {
        self.resources = resources
        self.tags = tags
    }

    func encode(to form: inout QueryForm) {
        form.set(list: "ResourceId", resources)
        form.set(tags, at: "Tag")
        form.setDryRun(dryRun)
    }
}
