import AWS
import Foundation

/// One run of a command on a node, known there by its id.
///
/// The script keeps what the command writes on the node, under the id. A repeat of the script finds the id, waits for the
/// end and reads; so a lost answer, or a lost connection, costs nothing and runs nothing twice. Long results are read in
/// pieces.
///
/// It is kept in memory: journals and paths on a disk would be on every image of the node. So a restart of the machine
/// forgets all runs, and a repeat after one begins the run anew; what has ended an hour ago makes room.
struct RemoteRun {
    /// What it is called on the node.
    let id = ClientToken.random()
    /// The program and its arguments.
    let command: [String]
    /// The command for people.
    let title: String

    /// Where runs are kept on the node, for `sh`.
    private static let folder = "${CLOUDRAILS_RUNS:-/run/cloudrails-runs}"

    init(_ command: [String], title: String) {
        self.command = command
        self.title = title
    }

    /// For `sh`, as root: begins the run unless it has begun, waits for its end, and prints a piece of its result. Only root reads
    /// what is kept; what the command makes is as readable as ever.
    func script(piece: Range<Int>) -> String {
        """
        umask 077
        runs=\(Self.folder)
        mkdir -p "$runs" && cd "$runs" || exit 1
        echo \(id)
        exec 9>>\(id).lock
        flock 9
        if [ ! -e \(id).begun ]; then
            find . -name '*.code' -mmin +60 -exec sh -c 'rm -f "${0%code}"*' {} \\;
            : >\(id).begun
            setsid sh -c '
                run=$1
                shift
                (cd / && umask 022 && PATH=$PATH:/usr/local/sbin:/usr/local/bin exec "$@") >"$run.out" 2>"$run.err" </dev/null 9>&-
                echo $? >"$run.new" && mv "$run.new" "$run.code"
            ' sh \(id) \(command.map(Self.quoted).joined(separator: " ")) &
            wait $!
        fi
        \(reading(piece))
        """
    }

    /// The last part alone, for the pieces after the first.
    func readingScript(piece: Range<Int>) -> String {
        """
        cd "\(Self.folder)" || exit 1
        echo \(id)
        \(reading(piece))
        """
    }

    /// In base64, so that neither the bytes' meaning nor their end is lost on the way.
    private func reading(_ piece: Range<Int>) -> String {
        """
        echo "$(cat \(id).code 2>/dev/null || echo none) $(wc -c <\(id).out) $(wc -c <\(id).err)"
        cat \(id).out \(id).err | tail -c +\(piece.lowerBound + 1) | head -c \(piece.count) | base64 -w 0
        """
    }

    /// Run Command takes two opening braces for a reference to a parameter, wherever they stand.
    private static func quoted(_ word: String) -> String {
        "'" + word.replacing("'", with: #"'\''"#).replacing("{", with: "{''") + "'"
    }
}

/// A piece of a run's result, as the script prints it.
struct RemotePiece {
    /// The command's exit status; nil where something ended the command before it could have one.
    var exitCode: Int?
    /// Bytes that the command wrote to standard output.
    var outputSize: Int
    /// Bytes that the command wrote to standard error.
    var errorSize: Int
    /// The piece of both, one after the other.
    var bytes: [UInt8]

    /// Reads what the script printed; nil where the script did not come so far.
    init?(_ text: String, of run: RemoteRun) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count >= 2, lines[0] == run.id else { return nil }
        let numbers = lines[1].split(separator: " ")
        guard numbers.count == 3, let output = Int(numbers[1]), let error = Int(numbers[2]),
            let data = Data(base64Encoded: lines.count > 2 ? String(lines[2]) : "")
        else { return nil }
        (exitCode, outputSize, errorSize, bytes) = (Int(numbers[0]), output, error, [UInt8](data))
    }

    /// The result whose bytes these are.
    func result(_ all: [UInt8], of run: RemoteRun, on node: Node) throws -> RemoteResult {
        guard let exitCode else {
            throw Problem(
                "'\(run.title)' was cut short on \(node.name)",
                cause: "it was killed there, or /run, which keeps what it writes, is full",
                fix: "run the same command again", kind: .tryLater)
        }
        return RemoteResult(
            exitCode: exitCode, stdout: String(decoding: all.prefix(outputSize), as: UTF8.self),
            stderr: String(decoding: all.dropFirst(outputSize), as: UTF8.self))
    }
}
