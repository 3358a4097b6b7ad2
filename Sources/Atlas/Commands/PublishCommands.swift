import AtlasModel
import Foundation
import Links
import Messages
import Publishing

extension Run {
    /// Compares an atlas with its manifest, and follows every link of its pages.
    package func check(_ folder: String) throws -> CheckResult {
        let (found, _) = try narrator.stage(
            "files", remark: { "\($0.count) found" },
            work: {
                try atlasFiles(in: folder)
            })
        var passedOver = PassedOver()
        for root in Set(found.compactMap(LeftBehind.root(ofFile:))) { passedOver.add(root) }
        if let note = passedOver.note(in: folder) { narrator.warn(note) }
        let (manifestProblems, _) = try narrator.stage("manifest") {
            try problems(of: folder, found)
        }
        let (broken, _) = try narrator.stage("links") {
            try LinkCheck.problems(
                in: folder, files: found.filter { LeftBehind.root(ofFile: $0) == nil },
                workers: workers, progress: narrator.progress
            ).map { Problem(path: $0.page, reason: $0.reason) }
        }
        return CheckResult(files: found.count, problems: (manifestProblems + broken).sorted())
    }

    /// Adds a problem for a manifest that is missing or damaged.
    private func problems(of folder: String, _ found: [String]) throws -> [Problem] {
        let manifest: Manifest
        do {
            manifest = try Manifest.read(in: folder)
        } catch let error as PublishingError {
            switch error {
            case .missingManifest, .damagedManifest:
                return [Problem(path: Manifest.fileName, reason: "\(error)")]
            default: throw error
            }
        }
        return try manifest.damage(in: folder, workers: workers, progress: narrator.progress)
            + manifest.foreign(
                among: found, waiting: try Manifest.waitingForRemoval(in: folder))
    }

    /// Copies an atlas to the place from which it is published.
    /// - Parameter destination: a folder, or `host:path`.
    package func publish(
        _ folder: String, to destination: String, _ wishes: PublishWishes = PublishWishes()
    ) throws -> PublishResult {
        let publication = try Publication(
            of: folder, to: destination,
            workingFolder: FileManager.default.currentDirectoryPath,
            environment: ProcessInfo.processInfo.environment)
        let (summary, _) = try narrator.stage(
            "publish",
            remark: { counted($0.sent, "file") + (wishes.value.dryRun ? " to send" : " sent") },
            work: {
                try publication.run(
                    wishes.value, workers: workers, warn: narrator.warn,
                    progress: narrator.progress)
            })
        return PublishResult(summary)
    }
}
