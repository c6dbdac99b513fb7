import Foundation
import Testing

/// A program of the system as a witness.
enum Tool {
    /// What it prints. Fails the test when it fails.
    static func run(_ arguments: [String], input: [UInt8] = []) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        let (standardInput, output) = (Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        try standardInput.fileHandleForWriting.write(contentsOf: Data(input))
        try standardInput.fileHandleForWriting.close()
        let bytes = Array(try output.fileHandleForReading.readToEnd() ?? Data())
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(arguments) failed")
        return bytes
    }

    /// What it prints, as text without the last line break.
    static func text(_ arguments: [String], input: [UInt8] = []) throws -> String {
        String(decoding: try run(arguments, input: input), as: UTF8.self).trimmingCharacters(in: .newlines)
    }
}
