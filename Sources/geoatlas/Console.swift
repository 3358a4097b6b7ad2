import ArgumentParser
import Atlas
import Foundation
import Messages
import Synchronization

/// Ends the program. Usage errors, help and version are printed by ArgumentParser (status 64 for
/// wrong usage). Any other error is printed as one line on standard error, with status 1.
func leave(after error: any Error) -> Never {
    if error is ExitCode || GeoAtlas.exitCode(for: error) == .validationFailure
        || GeoAtlas.exitCode(for: error) == .success
    {
        GeoAtlas.exit(withError: error)
    }
    say("geoatlas: \(error)")
    Foundation.exit(1)
}

/// Writes a line to standard error. A very long one, with a value of the user's in it, is cut.
func say(_ line: String) {
    let limit = 2_000
    let text =
        line.utf8.count > 4 * limit
        ? line.prefix(limit / 2) + " … " + line.suffix(limit / 2) : line[...]
    FileHandle.standardError.write(Data((harmless(String(text)) + "\n").utf8))
}

/// Prints `value` as one JSON value on standard output, keys sorted.
func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    // The encoder escapes the controls below U+0020, but not those from U+007F to U+009F, which steer
    // a terminal too. They only occur in strings.
    var text = String(decoding: try encoder.encode(value), as: UTF8.self)
    if text.unicodeScalars.contains(where: { (0x7F..<0xA0).contains($0.value) }) {
        text = text.unicodeScalars.map { scalar in
            (0x7F..<0xA0).contains(scalar.value)
                ? "\\u00" + String(scalar.value, radix: 16) : String(scalar)
        }.joined()
    }
    FileHandle.standardOutput.write(Data((text + "\n").utf8))
}

/// The narrator of the command line: a progress bar with rate and remaining time on a terminal,
/// plain lines elsewhere, and nothing with `--quiet`.
func console(quiet: Bool) -> Narrator {
    let clock = ContinuousClock()
    let start = clock.now
    let now: @Sendable () -> Double = { (clock.now - start) / .seconds(1) }
    let warn: @Sendable (String) -> Void = { say("geoatlas: note: \($0)") }
    guard !quiet else {
        return Narrator(
            begin: { _ in }, progress: { _, _ in }, end: { _, _, _ in }, warn: warn, now: now)
    }
    let bar = ProgressBar(onTerminal: isatty(STDERR_FILENO) == 1, now: now)
    return Narrator(
        begin: bar.begin, progress: bar.progress, end: bar.end,
        warn: {
            bar.clear()
            warn($0)
        }, now: now)
}

/// Shows the progress of the running stage, a few times a second.
private final class ProgressBar: Sendable {
    private struct State {
        var stage = ""
        var began = 0.0
        var drawn = 0.0
        var said = 0.0
    }

    /// Seconds between two updates on a terminal, and between two lines elsewhere.
    private static let redraw = 0.1
    private static let repeatLine = 10.0

    private let onTerminal: Bool
    private let now: @Sendable () -> Double
    private let state = Mutex(State())

    init(onTerminal: Bool, now: @escaping @Sendable () -> Double) {
        self.onTerminal = onTerminal
        self.now = now
    }

    @Sendable func begin(_ stage: String) {
        let time = now()
        state.withLock { $0 = State(stage: stage, began: time, drawn: 0, said: time) }
        if onTerminal { write("\r\u{1B}[K\(stage)") }
    }

    @Sendable func progress(_ done: Int, _ total: Int) {
        let time = now()
        let line: String? = state.withLock { state in
            guard total > 0,
                time - (onTerminal ? state.drawn : state.said)
                    >= (onTerminal ? Self.redraw : Self.repeatLine)
            else { return nil }
            state.drawn = time
            state.said = time
            return Self.line(state.stage, done, total, elapsed: time - state.began)
        }
        guard let line else { return }
        write(onTerminal ? "\r\u{1B}[K\(line)" : line + "\n")
    }

    @Sendable func end(_ stage: String, _ seconds: Double, _ remark: String) {
        let text = remark.isEmpty ? "" : "  \(harmless(remark))"
        write(
            (onTerminal ? "\r\u{1B}[K" : "") + "\(padded(stage)) \(formatted(seconds)) s\(text)\n")
    }

    @Sendable func clear() {
        if onTerminal { write("\r\u{1B}[K") }
    }

    private static func line(_ stage: String, _ done: Int, _ total: Int, elapsed: Double) -> String
    {
        let share = min(1, Double(done) / Double(total))
        let cells = 24
        let full = Int(share * Double(cells))
        let bar = String(repeating: "█", count: full) + String(repeating: "·", count: cells - full)
        let rate = elapsed > 0 ? Double(done) / elapsed : 0
        let left = rate > 0 ? "\(Int((Double(total - done) / rate).rounded(.up))) s left" : ""
        return "\(padded(stage)) \(bar) \(done) of \(total), \(Int(rate))/s, \(left)"
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}

/// A stage's name in a column.
func padded(_ name: String) -> String {
    name + String(repeating: " ", count: max(0, 12 - name.count))
}

/// Seconds with one decimal in a column.
func formatted(_ seconds: Double) -> String {
    let tenths = Int((seconds * 10).rounded())
    let text = "\(tenths / 10).\(tenths % 10)"
    return String(repeating: " ", count: max(0, 6 - text.count)) + text
}
