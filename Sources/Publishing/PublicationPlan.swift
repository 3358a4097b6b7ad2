import AtlasModel
import Fingerprint

/// What a publication changes at a destination.
struct PublicationPlan: Equatable {
    /// Files in the order in which they are copied, step by step. Each file comes after the files
    /// that it refers to, so that a reader can follow all links meanwhile.
    var steps: [[Manifest.File]] = []
    /// Files of the atlas that are there with another content; the rest of `steps` is new.
    var replaced: Set<String> = []
    /// Number of files that are there already, `manifest.json` included.
    var kept = 0
    /// Files that are out of the atlas and still there.
    var leaving: [DestinationState.Departure] = []
    /// Paths of files that are out of the atlas and were removed by a publication that was stopped, or
    /// never came. Their folders may be empty.
    var abandoned: [String] = []
    /// Files that stopped publications left under names of unfinished files.
    var remnants: [String] = []

    var sends: [Manifest.File] { steps.flatMap(\.self) }

    /// Sorts files into steps.
    mutating func arrange(_ files: [Manifest.File]) {
        let steps = Dictionary(grouping: files) {
            WritingStep(of: $0.path, isKnown: replaced.contains($0.path))
        }
        self.steps = WritingStep.allCases.compactMap { steps[$0] }
    }

    /// Adds the manifest, the last file of all.
    /// - Parameters:
    ///   - isThere: whether the destination has it with the same content.
    ///   - replaces: whether the destination has another one.
    mutating func add(_ manifest: Manifest.File, isThere: Bool, replaces: Bool) {
        guard !isThere else {
            kept += 1
            return
        }
        if replaces { replaced.insert(manifest.path) }
        steps.append([manifest])
    }
}

/// What is known of the files at a destination.
struct KnownFiles {
    /// The contents that a file may have: one, or several after publications that were stopped.
    private(set) var contents: [String: [Manifest.File]] = [:]
    /// Files of the complete edition there.
    private(set) var edition: [Manifest.File] = []
    let state: DestinationState
    /// Whether an atlas was ever published there.
    let isAtlas: Bool
    /// Files there whose content nobody wrote down: their lists are damaged.
    let damaged: [String]
    private let arriving: Set<String>

    /// Whether the file may have another content than one that is known: a publication was stopped
    /// while it copied or compared the file, or the lists are damaged.
    func isUncertain(_ path: String) -> Bool { !damaged.isEmpty || arriving.contains(path) }

    init(_ holdings: Holdings) {
        var damaged: [String] = []
        var isAtlas = false
        // Web applications use a file named manifest.json too.
        if let bytes = holdings.manifest,
            AtlasMark.isManifest(bytes) || AtlasMark.manifestBeginning.starts(with: bytes)
        {
            isAtlas = true
            do {
                edition = try Manifest(bytes, path: Manifest.fileName).files
            } catch {
                damaged.append(Manifest.fileName)
            }
        }
        let state = holdings.state.map { DestinationState($0) }
        if case .some(.none) = state { damaged.append(Leftover.state) }
        self.state = (state ?? nil) ?? DestinationState()
        self.isAtlas = isAtlas || state != nil
        self.damaged = damaged
        arriving = Set(self.state.arriving.map(\.path))
        for file in edition + self.state.arriving + self.state.leaving.map(\.file)
        where contents[file.path, default: []].allSatisfy({ $0 != file }) {
            contents[file.path, default: []].append(file)
        }
    }
}

extension PublicationPlan {
    /// Compares an atlas with a destination.
    /// - Parameters:
    ///   - files: of the atlas.
    ///   - unchanged: of files with several possible contents, the paths of those that have the
    ///     content of the atlas.
    /// - Throws: what `unchanged` throws.
    init(
        of files: [Manifest.File], at holdings: Holdings, _ known: KnownFiles,
        unchanged: ([Manifest.File]) throws -> Set<String>
    ) rethrows {
        var sends: [Manifest.File] = []
        var unsure: [Manifest.File] = []
        for file in files {
            guard let size = holdings.files[file.path] else {
                sends.append(file)
                continue
            }
            let possible = known.contents[file.path, default: []]
            if size == file.size {
                if possible == [file], !known.isUncertain(file.path) {
                    kept += 1
                    continue
                }
                // A file that nobody wrote down may be this one: an rsync that had lost its
                // publisher brought it.
                if possible.isEmpty || possible.contains(file) || known.isUncertain(file.path) {
                    unsure.append(file)
                    continue
                }
            }
            replaced.insert(file.path)
            sends.append(file)
        }
        let same = try unsure.isEmpty ? [] : unchanged(unsure)
        kept += same.count
        for file in unsure where !same.contains(file.path) {
            replaced.insert(file.path)
            sends.append(file)
        }
        arrange(sends)
        leaving = Self.leaving(files, holdings, known)
        if holdings.state != nil {
            let current = Set(files.map(\.path))
            abandoned = known.contents.keys.filter {
                holdings.files[$0] == nil && !current.contains($0)
            }
        }
        remnants = holdings.files.keys.filter { path in
            Leftover.isRemnant(path) { known.contents[$0] != nil || replaced.contains($0) }
        }.sorted()
    }

    /// The plan for a destination that has exactly this edition: the usual case of a nightly run.
    /// - Parameter manifest: the content of the atlas's own `manifest.json`.
    /// - Returns: `nil` for any other destination.
    init?(nothingToDo files: [Manifest.File], manifest: [UInt8], at holdings: Holdings) {
        guard holdings.state == nil, holdings.manifest == manifest,
            files.allSatisfy({ holdings.files[$0.path] == $0.size })
        else { return nil }
        kept = files.count + 1
    }

    private static func leaving(
        _ files: [Manifest.File], _ holdings: Holdings, _ known: KnownFiles
    ) -> [DestinationState.Departure] {
        var present = Set(files.map(\.path))
        var found: [DestinationState.Departure] = []
        for departure in known.state.leaving
        where holdings.files[departure.file.path] == departure.file.size
            && present.insert(departure.file.path).inserted
        {
            // A clock that was set back would keep the file for long.
            let since = min(departure.since, holdings.now)
            found.append(
                DestinationState.Departure(
                    file: departure.file, since: since, settled: departure.settled))
        }
        for file in known.edition + known.state.arriving {
            guard let size = holdings.files[file.path], present.insert(file.path).inserted else {
                continue
            }
            let isCertain = size == file.size && !known.isUncertain(file.path)
            found.append(
                DestinationState.Departure(
                    file: isCertain ? file : .unknown(file.path, size: size),
                    since: holdings.now, settled: false))
        }
        return found
    }
}

extension Manifest.File {
    /// A file that may have several contents. Its digest is that of none of them.
    fileprivate static func unknown(_ path: String, size: Int) -> Manifest.File {
        Manifest.File(path: path, size: size, digest: Fingerprint(high: 0, low: 0))
    }
}
