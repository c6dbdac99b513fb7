import Testing

@testable import AWS

@Suite struct ConfigINITests {
    private func parse(_ text: String) throws -> INIFile { try INIFile(path: "f", bytes: Array(text.utf8)) }

    private func value(_ text: String, _ key: String) throws -> INIFile.Value? {
        try parse(text).sections[0].values[key]
    }

    @Test func sectionsAndValuesWithTheirLines() throws {
        let file = try parse("# first\n[default]\nRegion = us-east-2\n\n[profile x]\noutput=json\n")
        #expect(file.sections.map(\.name) == ["default", "profile x"])
        #expect(file.sections.map(\.line) == [2, 5])
        #expect(file.sections[0].values == ["region": .init(text: "us-east-2", line: 3)])
        #expect(file.sections[1].values == ["output": .init(text: "json", line: 6)])
    }

    @Test(arguments: [
        ("[a]\nk = v", "v"), ("[a]\nk: v", "v"), ("[a]\nk=v=w:x", "v=w:x"), ("[a]\nk:v=w", "v=w"), ("[a]\nk =", ""),
        ("[a]\nk = v # not a comment", "v # not a comment"), ("[a]\nk = \"v\"", "\"v\""),
        ("[a]\r\nk = v\r\n", "v"), ("[a]\rk = v\r", "v"), ("\u{FEFF}[a]\nk = v", "v"), ("[a]\n\tk = v", "v"),
        ("[a]\nk = v\n  w\n", "v\nw"), ("[a]\nk = v\n\n  w\n\n", "v\n\nw"), ("[a]\nk = v\n# c\n  w", "v\nw"),
        ("[a] ; rest\nk = v", "v"), ("[DEFAULT]\nk = d\n[a]\nj = v", "d"), ("[DEFAULT]\nk = d\n[a]\nk = v", "v"),
    ])
    func oneValue(text: String, expected: String) throws { #expect(try value(text, "k")?.text == expected) }

    @Test func anIndentedBlockIsNested() throws {
        let nested = try value("[a]\nec2 =\n  endpoint_url = http://h:1\n\n  B = c\nregion = x", "ec2")?.nested
        #expect(nested == ["endpoint_url": .init(text: "http://h:1", line: 3), "B": .init(text: "c", line: 5)])
    }

    @Test(arguments: [
        ("region = x\n", 1), ("[a]\nk = v\njunk\n", 3), ("[a]\n[b]\n[a]\n", 3), ("[a]\nk = 1\nj = 2\nK = 3\n", 4),
        ("[a]\n= v\n", 2), ("[]\nk = v\n", 1), ("\n\n[a\nk = v\n", 3), ("[a]\nec2 =\n  no\n", 3),
        ("# c\r\n[a]\r\nk = v\r\njunk\r\n", 4), ("[a]\nk = v\n\n; c\n\njunk", 6),
    ])
    func aMalformedFileNamesItsLine(text: String, line: Int) {
        let error = #expect(throws: ConfigurationError.self) { try parse(text) }
        #expect(error?.line == line)
        #expect(error?.file == "f")
        #expect(error?.description.hasPrefix("f:\(line): ") == true)
    }

    @Test func aLineThatIsNotUTF8() {
        let error = #expect(throws: ConfigurationError.self) {
            try INIFile(path: "f", bytes: Array("[a]\nk = ".utf8) + [0xFF, 0x0A])
        }
        #expect(error?.line == 2)
    }

    @Test func aMalformedLineIsNotRepeated() {
        let error = #expect(throws: ConfigurationError.self) { try parse("[a]\naws_secret_access_key s3cr3t-file\n") }
        #expect(error?.description.contains("s3cr3t") == false)
    }

    @Test(arguments: [
        ("a b", ["a", "b"]), ("  a   b ", ["a", "b"]), ("'a b' c", ["a b", "c"]), ("\"a b\"c", ["a bc"]),
        ("a\\ b", ["a b"]), ("\"a\\\"b\"", ["a\"b"]), ("\"a\\nb\"", ["a\\nb"]), ("'a\\b'", ["a\\b"]), ("''", [""]),
        ("a\tb\nc", ["a", "b", "c"]), ("", []), ("$HOME *", ["$HOME", "*"]),
    ])
    func shellWords(text: String, words: [String]) { #expect(ShellWords.split(text) == words) }

    @Test(arguments: ["'a", "\"a", "a\\", "\"a\\"])
    func openQuotes(text: String) { #expect(ShellWords.split(text) == nil) }
}
