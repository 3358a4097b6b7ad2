import Catalog
import Files
import Foundation
import Parallel

/// What one process does of a build.
///
/// Every process runs the same stages in the same order. Results of earlier stages come from the
/// workspace; the assignment says what happens to a result that is not there.
enum Assignment {
    /// Make everything.
    case whole
    /// Make one part of the results of a stage, and nothing else.
    case part(PartMaking)
    /// Make what a stage makes as one piece, and put parts together where there are some.
    case merge(PartMerging)

    /// Whether this process makes the whole atlas.
    var isWhole: Bool {
        if case .whole = self { true } else { false }
    }

    /// Whether results may be added to the workspace.
    var writesWorkspace: Bool {
        switch self {
        case .whole, .merge: true
        case .part: false
        }
    }

    /// - Throws: `AssignmentDone` when the stage is behind the last one that this process has to do.
    func begin(_ stage: StageName) throws {
        let last: PlannedStage
        switch self {
        case .whole: return
        case .part(let part): last = part.stage
        case .merge(let merging): last = merging.stage
        }
        if PlannedStage(stage) > last { throw AssignmentDone() }
    }
}

/// Thrown to end a build when a process has done what it had to.
struct AssignmentDone: Error {}

/// The part of a stage that a shard makes.
final class PartMaking {
    let stage: PlannedStage
    let share: Share
    let writer: PartWriter

    init(_ stage: PlannedStage, _ share: Share, _ writer: PartWriter) {
        self.stage = stage
        self.share = share
        self.writer = writer
    }

    /// Makes the part of the result of a stage, as a section of the output.
    func make<Value>(
        _ entry: CacheEntry<Value>, _ parts: StageParts<Value>, progress: @escaping ProgressReport
    ) throws {
        let value = try parts.make(share, progress)
        // Another try may find the file, and without one the atlas would lack it.
        if let file = entry.unread(value).first(where: \.isPassing) {
            throw AtlasError.fileTrouble(
                path: file.path, reason: "it cannot be read (\(file.reason)).")
        }
        let folder = try TemporaryFolder(in: NSTemporaryDirectory())
        let file = "\(folder.path)/section.h5"
        try entry.write(value, file)
        try writer.add(entry.file, contentOf: file)
    }
}

/// The parts of a stage, made by shards.
final class PartMerging {
    let stage: PlannedStage
    /// In the order of shards; empty for a stage that is made as one piece.
    let parts: [PartFile]
    /// A folder for temporary files.
    private let folder: String

    init(_ stage: PlannedStage, _ parts: [PartFile], folder: String) {
        self.stage = stage
        self.parts = parts
        self.folder = folder
    }

    /// The result of a stage, put together from its parts.
    /// - Returns: `nil` if the shards made none.
    func merged<Value>(_ entry: CacheEntry<Value>, _ stage: StageParts<Value>) throws -> Value? {
        guard let first = parts.first, first.range(of: entry.file) != nil else { return nil }
        let folder = try TemporaryFolder(in: folder)
        return try stage.join(parts.count) { index in
            let copy = "\(folder.path)/\(index).h5"
            defer { unlink(copy) }
            guard try parts[index].copy(entry.file, to: copy) else {
                throw AtlasError.partLacksResult(path: parts[index].path, result: entry.file)
            }
            return try entry.read(copy)
        }
    }
}

/// A new folder that is removed with all that it holds.
private final class TemporaryFolder {
    let path: String

    init(in parent: String) throws {
        path = "\(parent)/.geoatlas-\(PartWriter.tag)-\(UUID().uuidString)"
        try Folders.make(path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
