public import ChainKit
public import CommandLineKit

extension Architecture: ExpressibleByArgument {}
