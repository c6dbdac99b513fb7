import ChainKit
import CommandLineKit

extension Architecture: ExpressibleByArgument {}
