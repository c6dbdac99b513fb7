/// EC2 EnableImageDeprecation. From then on the image is not shown to others, unless they ask for it by its id.
public struct EnableImageDeprecation: EC2Operation, SilentOperation, DryRunnable {
    /// The image.
    public var imageID: ImageID
    /// When, ISO 8601; EC2 rounds it to the minute.
    public var deprecateAt: String
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat sets the same time.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(imageID: ImageID, deprecateAt: String) {
        self.imageID = imageID
        self.deprecateAt = deprecateAt
    }

    func encode(to form: inout QueryForm) {
        form.set("ImageId", imageID)
        form.set("DeprecateAt", deprecateAt)
        form.setDryRun(dryRun)
    }
}

/// EC2 DisableImageDeprecation.
public struct DisableImageDeprecation: EC2Operation, SilentOperation, DryRunnable {
    /// The image.
    public var imageID: ImageID
    /// True asks for permission only.
    public var dryRun = false
    /// A repeat changes nothing.
    public static var repeatability: Repeatability { .always }

    /// The call from its parts.
    public init(imageID: ImageID) { self.imageID = imageID }

    func encode(to form: inout QueryForm) {
        form.set("ImageId", imageID)
        form.setDryRun(dryRun)
    }
}
