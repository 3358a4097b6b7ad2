import Messages
import Site

extension PreparedBuild {
    /// Makes the pages of texts again, and keeps all other files, if nothing but texts has changed since
    /// the last build and no other page shows what has changed of them.
    ///
    /// That costs a look at every file of the atlas, and no stage before `pages`.
    /// - Parameter begin: when this build began, in the seconds of the narrator's clock.
    /// - Returns: `nil` if more has changed, or somebody has touched a file of the atlas.
    func textUpdate(_ sources: SiteSources, _ options: BuildOptions, since begin: Double) throws
        -> BuildResult?
    {
        guard let output, let earlier = last.outcome(ifStill: key, except: "texts", options),
            let update = TextUpdate(sources, basis: earlier.texts),
            try output.isUntouched(workers: context.workers)
        else { return nil }
        var build = context
        for note in try update.notes(files: output.known) { build.narrator.warn(note) }
        try build.run(.writing(update, to: output)) { _ in
            counted(earlier.result.pages, "page")
        }
        build.note(reused: output.unchanged, of: output.count, in: .pages)
        let finished = try build.run(.manifest(of: output))
        let result = earlier.result.rewritten(
            output.rewrittenPages, bytes: finished.bytes, by: build,
            elapsed: build.narrator.now() - begin)
        try last.record(
            .init(result: result, reusable: earlier.reusable, texts: earlier.texts),
            finished.record, key: key, options)
        return result
    }
}

extension Stage<Void> {
    /// Writes the pages of texts. All other files stay.
    fileprivate static func writing(_ texts: TextUpdate, to output: OutputFolder) -> Stage {
        Stage(.pages) { _ in
            output.keepAll(except: Set(texts.paths))
            try texts.write(to: output.sink)
        }
    }
}
