import AtlasModel
package import Fingerprint
package import Parallel

/// The pages of an atlas and the files that they load, except pictures, ready to be written.
package struct RenderedPages: Sendable {
    var files: [File] = []
    /// Files that are made when they are written.
    var streams: [FileStream] = []

    init(files: [File] = [], streams: [FileStream] = []) {
        self.files = files
        self.streams = streams
    }

    /// Files of an atlas that were made before, pictures too.
    /// - Parameters:
    ///   - paths: of the files, each once.
    ///   - sources: what each was made from; `nil` if it is not known.
    ///   - bytes: gives the content of a file.
    package init(
        paths: [String], sources: [Fingerprint?],
        bytes: @escaping @Sendable (_ index: Int) throws -> [UInt8]
    ) {
        precondition(paths.count == sources.count, "each file has a source")
        streams = [
            FileStream(
                paths: paths, sources: sources,
                make: { File(path: paths[$0], bytes: try bytes($0)) })
        ]
    }

    /// Number of HTML pages among them.
    package var count: Int {
        (files.map(\.path) + streams.flatMap(\.paths)).count { $0.hasSuffix(".html") }
    }

    /// Writes each file after the files that it names (`WritingStep`).
    /// - Parameters:
    ///   - isKnown: whether an earlier edition has a file at a path.
    ///   - progress: in pages.
    /// - Throws: any error of `sink`, or of a page that is made now.
    package func write(
        to sink: Sink, workers: Workers, progress: ProgressReport? = nil,
        isKnown: @Sendable (_ path: String) -> Bool = { _ in false }
    ) throws {
        let work = PageWork(
            of: files.count + streams.reduce(0) { $0 + $1.paths.count }, workers: workers,
            progress: progress)
        for step in WritingStep.allCases {
            @Sendable func isNow(_ path: String) -> Bool {
                WritingStep(of: path, isKnown: isKnown(path)) == step
            }
            try write(files.filter { isNow($0.path) }, to: sink, work)
            for stream in streams { try stream.write(to: sink, work, where: isNow) }
        }
    }

    private func write(_ files: [File], to sink: Sink, _ work: PageWork) throws {
        try work.forEachFile(files.count, chunk: 16) {
            try sink.write(files[$0].path, files[$0].bytes)
        }
    }
}

/// Files of one kind that are made one at a time, and only if their sources have changed.
struct FileStream: Sendable {
    let paths: [String]
    /// What each file is made from; `nil` if it is not known.
    let sources: [Fingerprint?]
    let make: @Sendable (_ index: Int) throws -> File

    /// Makes and writes the files whose paths fulfil a condition.
    func write(
        to sink: Sink, _ work: PageWork, where condition: @Sendable (String) -> Bool
    ) throws {
        let chosen = paths.indices.filter { condition(paths[$0]) }
        try work.forEachFile(chosen.count, chunk: 16) { place in
            let index = chosen[place]
            try sink.write(paths[index], from: sources[index]) { try make(index).bytes }
        }
    }
}
