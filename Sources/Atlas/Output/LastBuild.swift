import Files
import Fingerprint
import Foundation
import Site

/// What the workspace knows of the last build to an output folder: the files that it wrote, what they
/// were made from, and its result.
struct LastBuild {
    /// What the last build wrote; empty when that is not known.
    let files: OutputRecord
    /// Folder of the workspace for what is known of the output folder.
    let folder: String
    private let note: Note?

    /// The result of a build with everything that it depends on.
    private struct Note: Codable {
        /// Digest of the key of all inputs.
        let key: String
        let fields: [String: String]
        /// Digests of what a build itself adds to: the networks, and the running trial.
        let networks: String
        let trial: String
        /// Digest of the record of files, because a wrong record would make a wrong manifest.
        let files: String
        let result: BuildResult
        /// Results that a build reuses if nothing has changed, by stage.
        let reusable: [String: Int]
        let texts: TextBasis
    }

    /// What a build leaves for the next one.
    struct Outcome {
        let result: BuildResult
        /// Results that a build reuses if nothing has changed, by stage.
        let reusable: [String: Int]
        /// What text pages show of the edition.
        let texts: TextBasis
    }

    /// The folder of a workspace for what is known of an output folder.
    static func folder(in workspace: Workspace, output: String) -> String {
        let place = URL(filePath: output).resolvingSymlinksInPath().standardizedFileURL.path
        return workspace.path(of: "outputs/\(Fingerprint(of: place).short)")
    }

    /// - Parameter folder: for what the workspace knows of the output folder.
    init(in workspace: Workspace, folder: String) {
        self.folder = folder
        guard !workspace.isForced else {
            (files, note) = (.empty, nil)
            return
        }
        note = FileManager.default.contents(atPath: folder + "/build.json").flatMap {
            try? JSONDecoder().decode(Note.self, from: $0)
        }
        // A record that is missing or damaged only costs time.
        let file = folder + "/files.h5"
        files =
            note != nil && note?.files == Stamp.content(of: file)
            ? (try? OutputRecord(contentsOf: file)) ?? .empty : .empty
    }

    /// What the last build left if nothing that it depends on has changed since.
    /// - Parameter field: the name of an input that may have changed.
    func outcome(ifStill key: CacheKey, except field: String? = nil, _ options: BuildOptions)
        -> Outcome?
    {
        guard let note, note.networks == Self.networks(options),
            note.trial == Self.trial(options),
            note.key == key.digest.hex
                || field != nil && key.changes(since: note.fields) == [field]
        else { return nil }
        return Outcome(
            result: note.result.at(options.output), reusable: note.reusable, texts: note.texts)
    }

    /// What has changed since the last build, for `--explain`; `nil` if it is not known.
    func changes(in key: CacheKey) -> [String]? {
        note.map { key.changes(since: $0.fields) }
    }

    /// Writes down what a later build needs to know.
    /// - Throws: `AtlasError.fileTrouble`, or what is wrong with the file.
    func record(
        _ outcome: Outcome, _ files: OutputRecord, key: CacheKey, _ options: BuildOptions
    ) throws {
        let path = folder + "/build.json"
        do {
            try Folders.make(folder)
            // While there is no note, no build is taken for the last one.
            unlink(path)
            try files.write(to: folder + "/files.h5")
            let note = Note(
                key: key.digest.hex,
                fields: Dictionary(
                    uniqueKeysWithValues: key.fieldDigests.map { ($0.name, $0.digest) }),
                networks: Self.networks(options), trial: Self.trial(options),
                files: Stamp.content(of: folder + "/files.h5"), result: outcome.result.at(nil),
                reusable: outcome.reusable, texts: outcome.texts)
            try AtomicFile.write(Array(try JSONEncoder().encode(note)), to: path)
        } catch let error as FileError {
            throw AtlasError.fileTrouble(path: path, reason: error.reason + ".")
        }
    }

    private static func networks(_ options: BuildOptions) -> String {
        WatchedFiles(paths: ["\(options.workspace)/\(RunRecord.folder)"], leavingOut: []).digest.hex
    }

    private static func trial(_ options: BuildOptions) -> String {
        let files = ["plan.json", "key.json"].map { "\(options.review)/\($0)" }
        return Fingerprint(
            ofParts: files.map { file in
                FileManager.default.contents(atPath: file).map {
                    $0.withUnsafeBytes { Fingerprint(of: $0) }.hex
                } ?? ""
            }
        ).hex
    }
}
