import Parallel

/// A destination that is open for a publication: a folder of this machine, or of another one.
protocol Place: Sendable {
    var lockFile: LockFile { get }

    /// Whether `send` compares each file with the manifest before it arrives.
    var comparesWhileSending: Bool { get }

    /// Whether the destination exists.
    func exists() throws -> Bool

    /// Creates the destination if it does not exist.
    func make() throws

    /// What there is at the destination.
    func holdings() throws -> Holdings

    /// Of `files`, which are there with these sizes, the paths of those that have this content.
    func unchanged(_ files: [Manifest.File]) throws -> Set<String>

    /// Writes the file `Leftover.state`, or removes it.
    func store(_ state: DestinationState) throws

    /// Copies files from the atlas, each under another name until it is complete.
    /// - Returns: number and total size of the files that were sent.
    func send(_ files: [Manifest.File], _ work: Sending) throws -> (sent: Int, bytes: Int)

    /// Checks that files arrived as they are in the atlas.
    /// - Throws: `PublishingError.arrivedDamaged`.
    func verify(_ sent: [Manifest.File], _ work: Sending) throws

    /// Removes files, and the folders that become empty.
    /// - Returns: the paths that could not be removed.
    func remove(_ paths: [String], _ work: Sending) throws -> Set<String>

    /// Releases what opening took.
    func close()
}

/// What copying needs to know.
struct Sending {
    /// Absolute path of the atlas.
    let atlas: String
    let heartbeat: Heartbeat
    /// Receives the number of files that have been copied.
    let progress: @Sendable (_ more: Int) -> Void
}
