import ArgumentParser
import Atlas
import Foundation

@main
struct GeoAtlas: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "geoatlas",
        abstract: "Makes a browsable, reviewable atlas of rock pictures.",
        discussion: """
            From a zip archive or folder of pictures to a static atlas:

              geoatlas sample rocks
              geoatlas build rocks --output public
              geoatlas serve public
            """,
        version: "geoatlas \(Release.version)",
        subcommands: [
            Sample.self, Init.self, Build.self, Check.self, Serve.self, Publish.self, Votes.self,
            Dataset.self, Train.self, Tune.self, Evaluate.self, Classify.self, Cluster.self,
            Similar.self, Neighbours.self, Groups.self, Plan.self, Shard.self, Merge.self,
        ])

    static func main() {
        // Without this, writing beyond the limit of "ulimit -f" ends the program without a word.
        signal(SIGXFSZ, SIG_IGN)
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch {
            leave(after: error)
        }
    }
}
