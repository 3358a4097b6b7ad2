import Fingerprint
import Foundation
import Publishing

/// What happens while an atlas is served and built again.
package enum ServeEvent: Sendable {
    /// The atlas can be opened at this address.
    case listening(address: String)
    case built(BuildResult)
    /// A build failed. The last atlas stays.
    case failed(any Error)
    /// A file has changed, so a build begins.
    case changed(path: String)
}

extension Run {
    /// Serves an atlas on this machine and receives votes, until the process ends.
    /// - Parameter report: called with the address as soon as it can be opened.
    package func serve(
        _ folder: String, port: UInt16, report: (ServeEvent) -> Void
    ) throws {
        report(.listening(address: try PreviewServer(folder: folder, port: port).start()))
        while true { pause() }
    }

    /// Builds an atlas, serves it, and builds it again after each change of its collection, texts or
    /// templates. Pages that are open in a browser are then loaded again. Until the process ends.
    /// - Parameters:
    ///   - options: of the build; its output is served.
    ///   - report: called from this thread.
    /// - Throws: the error of the first build if there is no earlier atlas to serve;
    ///   `PublishingError` when the server cannot begin.
    package func serve(
        building options: BuildOptions, port: UInt16, report: (ServeEvent) -> Void
    ) throws {
        var watch = ChangeWatch(watched(options))
        do {
            report(.built(try build(options)))
        } catch {
            let manifest = "\(options.output)/\(Manifest.fileName)"
            guard FileManager.default.fileExists(atPath: manifest) else { throw error }
            report(.failed(error))
        }
        // What concerns one build concerns the first one.
        var options = options
        options.isForced = false
        options.explains = false
        let again = narrated(by: narrator.withoutStages)
        let reload = PreviewReload(edition: try edition(in: options.output))
        let server = try PreviewServer(folder: options.output, port: port, reload: reload)
        report(.listening(address: try server.start()))
        while true {
            report(.changed(path: Self.short(watch.change())))
            watch = ChangeWatch(watched(options))
            do {
                report(.built(try again.build(options)))
                reload.show(edition: try edition(in: options.output))
            } catch {
                report(.failed(error))
            }
        }
    }

    /// The path as a person would give it: relative, if it is below the working folder.
    private static func short(_ path: String) -> String {
        let here = FileManager.default.currentDirectoryPath + "/"
        return path.hasPrefix(here) ? String(path.dropFirst(here.count)) : path
    }

    private func edition(in folder: String) throws -> String {
        try Manifest.read(in: folder).edition.hex
    }

    /// What a build with these options reads.
    private func watched(_ options: BuildOptions) -> WatchedFiles {
        WatchedFiles(
            paths: BuildSources.paths(options, likeness: likenessModels),
            leavingOut: [options.output, options.workspace, options.review])
    }
}

extension BuildOptions {
    /// The options of the last build of the atlas in `folder`, and its seed.
    /// - Throws: `AtlasError.noLastBuild`, `.lastBuildElsewhere`.
    package static func last(
        of folder: String, workspace: String
    ) throws -> (options: BuildOptions, seed: UInt64) {
        let last = try LastCommand.read(in: workspace, of: folder)
        return (last.options, last.seed)
    }
}
