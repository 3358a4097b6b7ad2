import Catalog
import Parallel

/// The stages of a build in their order: the names that the progress lines and
/// `build --json` use.
enum StageName: String, Sendable, CaseIterable {
    case catalogue, groups, checks, textures, dataset, train, classify, cluster, view, neighbours,
        map, review, scenes, thumbnails, pages, manifest
}

/// One step of a build: its name, how its result is made, and where the result is cached.
///
/// A stage is a value that does nothing by itself. `BuildContext.run` runs it.
struct Stage<Value> {
    let name: StageName
    /// `nil` for a result that every build makes again.
    let entry: CacheEntry<Value>?
    /// Makes the result.
    /// - Parameters:
    ///   - earlier: a result of an earlier build for other pictures; `nil` without one. What still
    ///     holds may be taken from it. The result is the same as without it.
    ///   - progress: receives the progress.
    let make: (_ earlier: Value?, _ progress: @escaping ProgressReport) throws -> Value
    /// How several machines make the result; `nil` for a result that is made as one piece.
    let parts: StageParts<Value>?

    /// A stage whose result is cached.
    init(
        _ name: StageName, cachedIn entry: CacheEntry<Value>,
        make: @escaping (_ progress: @escaping ProgressReport) throws -> Value
    ) {
        self.init(name, updating: entry) { _, progress in try make(progress) }
    }

    /// A stage whose result is cached, and is made from the result of an earlier build where that
    /// holds.
    init(
        _ name: StageName, updating entry: CacheEntry<Value>,
        make: @escaping (_ earlier: Value?, _ progress: @escaping ProgressReport) throws -> Value
    ) {
        self.name = name
        self.entry = entry
        self.make = make
        parts = nil
    }

    /// A stage whose result is cached, and which can be made in parts by several machines. A build makes
    /// it as one part.
    /// - Parameters:
    ///   - join: as `StageParts` has it.
    ///   - make: makes the part of a share, from the result of an earlier build where that holds.
    init(
        _ name: StageName, updating entry: CacheEntry<Value>,
        join: @escaping StageParts<Value>.Join,
        make:
            @escaping (
                _ share: Share, _ earlier: Value?, _ progress: @escaping ProgressReport
            ) throws -> Value
    ) {
        self.name = name
        self.entry = entry
        self.make = { try make(.whole, $0, $1) }
        parts = StageParts(make: { try make($0, nil, $1) }, join: join)
    }

    /// A stage that every build runs again.
    init(_ name: StageName, make: @escaping (_ progress: @escaping ProgressReport) throws -> Value)
    {
        self.name = name
        self.entry = nil
        self.make = { _, progress in try make(progress) }
        parts = nil
    }
}

/// How the result of a stage is made in parts.
///
/// A part is a result too, of some pictures or some pairs, so it is read and written like the whole.
struct StageParts<Value> {
    /// Puts parts together.
    /// - Parameters:
    ///   - count: number of parts, at least one.
    ///   - part: reads a part. It should be called once for each, in order, so that few are in memory.
    typealias Join = (_ count: Int, _ part: (_ index: Int) throws -> Value) throws -> Value

    let make: (_ share: Share, _ progress: @escaping ProgressReport) throws -> Value
    let join: Join
}

/// A file of the workspace that holds a result, and how the result is read from it and written to it.
struct CacheEntry<Value> {
    /// Path below the workspace, e.g. `networks/conv2l-0-of-5.h5`.
    let file: String
    /// The file is used only if it was made from the same key.
    let key: CacheKey
    /// What two results must have in common so that one can be made from the other: all of the key
    /// except the pictures. `nil` for a result that is always made from nothing.
    var family: CacheKey?
    let read: (_ path: String) throws -> Value
    let write: (_ value: Value, _ path: String) throws -> Void
    /// Files that could not be read for the result. If there are some, the next build makes the result again, from
    /// this one as of the same family.
    var unread: (_ value: Value) -> [UnreadFile] = { _ in [] }

    /// The same result in another file.
    func moved(to file: String) -> CacheEntry {
        var moved = CacheEntry(file: file, key: key, family: family, read: read, write: write)
        moved.unread = unread
        return moved
    }
}

/// The result of a stage.
struct Staged<Value> {
    let value: Value
    /// Whether it was reused from an earlier build.
    let isReused: Bool
}
