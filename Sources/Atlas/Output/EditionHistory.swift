import AtlasModel
import Files
import Foundation

/// The last editions of an atlas, and what the last one held, for the page that says what changed.
///
/// Both are in the workspace. Without them the next edition is the first one.
struct EditionHistory {
    /// Newest first, at most `limit`.
    let editions: [EditionChange]
    /// What changed since the last build; `nil` when there was none, or nothing changed.
    let change: EditionChange?
    private let folder: String
    private let snapshot: EditionSnapshot
    /// Whether the last edition held the same.
    private let isSame: Bool

    /// Number of editions that are remembered.
    private static let limit = 10

    /// Compares an edition with the last one.
    /// - Parameters:
    ///   - snapshot: of this edition.
    ///   - last: of the last edition; `nil` when there was none.
    ///   - folder: for what the workspace knows of the output folder.
    ///   - date: of this build.
    init(_ snapshot: EditionSnapshot, since last: EditionSnapshot?, in folder: String, date: Date) {
        self.folder = folder
        self.snapshot = snapshot
        let earlier = FileManager.default.contents(atPath: folder + "/history.json").flatMap {
            try? JSONDecoder().decode([EditionChange].self, from: $0)
        }
        guard let earlier, let newest = earlier.first, let last else {
            let first = EditionChange(
                number: (earlier?.first?.number ?? 0) + 1, date: Self.text(date),
                pictures: snapshot.pictures.count)
            (editions, change) = (Array(([first] + (earlier ?? [])).prefix(Self.limit)), nil)
            isSame = false
            return
        }
        let found = snapshot.change(
            since: last, number: newest.number + 1, date: Self.text(date))
        change = found.isChange ? found : nil
        isSame = snapshot == last
        editions = Array(((change.map { [$0] } ?? []) + earlier).prefix(Self.limit))
    }

    /// Writes down this edition, after all of it is written.
    /// - Throws: `AtlasError.fileTrouble`, `HDF5Error.notWritten`.
    func record() throws {
        guard !isSame else { return }
        do {
            try Folders.make(folder)
            try snapshot.write(to: EditionSnapshot.path(in: folder))
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            try AtomicFile.write(
                Array(try encoder.encode(editions)), to: folder + "/history.json")
        } catch let error as FileError {
            throw AtlasError.fileTrouble(path: folder, reason: error.reason + ".")
        }
    }

    private static func text(_ date: Date) -> String {
        let style = Date.VerbatimFormatStyle(
            format: """
                \(year: .defaultDigits)-\(month: .twoDigits)-\(day: .twoDigits) \
                \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\(minute: .twoDigits)
                """,
            timeZone: .gmt, calendar: Calendar(identifier: .gregorian))
        return date.formatted(style)
    }
}
