// Tries the codec of image names a million times each way: random names come back without loss, and random text never stops
// the parser, nor is it read as a name that is written otherwise. Built with optimization together with ChainKit's own files,
// as a debug build takes minutes over it. Prints what is wrong.

/// A name of random parts; nil where they make it too long.
func randomName(_ generator: inout SeededGenerator) -> ImageName? {
    func text(_ count: Int, of alphabet: StaticString) -> String {
        String(
            decoding: generator.bytes(count).map { alphabet.utf8Start[Int($0) % alphabet.utf8CodeUnitCount] },
            as: UTF8.self)
    }
    let letters: StaticString = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"
    let digits: StaticString = "0123456789"
    let target = Target(
        id: text(1 + generator.below(24), of: letters), node: text(1 + generator.below(24), of: letters))
    return ImageName(
        target: target, height: generator.below(1_000_000_000_000) >> generator.below(40),
        version: text(1 + generator.below(30), of: letters), made: "\(text(8, of: digits))T\(text(4, of: digits))Z",
        architecture: generator.below(2) == 0 ? .arm64 : .x86,
        suffix: generator.below(2) == 0 ? nil : text(1 + generator.below(12), of: letters))
}

/// Random bytes, or random words between the signs that a name has.
func randomText(_ generator: inout SeededGenerator) -> String {
    let signs = [
        "cloudrails", "/", "h", "000000000001", "20261124T1000Z", "-", "arm64", "@", "x86_64", "\u{e4}", "\u{1F980}",
    ]
    guard generator.below(2) == 0 else { return String(decoding: generator.bytes(generator.below(160)), as: UTF8.self) }
    return (0..<generator.below(16)).map { _ in signs[generator.below(signs.count)] }.joined()
}

let rounds = 1_000_000
var generator = SeededGenerator(seed: 42)
var names = 0
while names < rounds {
    guard let name = randomName(&generator) else { continue }
    let text = name.description
    if text.utf8.count > 128 || ImageName(text) != name { print("lost: \(text)") }
    names += 1
}
for _ in 0..<rounds {
    let text = randomText(&generator)
    if let name = ImageName(text), name.description != text { print("read otherwise: \(text)") }
}
print("\(names) names, \(rounds) texts")
