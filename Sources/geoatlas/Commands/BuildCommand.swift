import ArgumentParser
import Atlas
import AtlasModel
import Messages

struct Build: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the atlas of a collection.",
        discussion: """
            Example:
              geoatlas build rocks.zip --output public

            Without COLLECTION the one that content/atlas.yml names is built.
            """)

    static let defaultOutput = "public"

    @OptionGroup var atlas: AtlasOptions

    @Option(help: ArgumentHelp("Cache of earlier builds; may be deleted.", valueName: "folder"))
    var workspace = ".geoatlas"

    @Flag(help: "Make everything again, whatever the workspace holds.")
    var force = false

    @Flag(help: "Say why results and pages are made again.")
    var explain = false

    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    var options: BuildOptions {
        var options = atlas.options
        options.workspace = workspace
        options.isForced = force
        options.explains = explain
        return options
    }

    func run() throws {
        let result = try Run(work, console).build(options)
        try console.print(result) { result in
            let errata =
                result.errata.isEmpty
                ? "" : ", " + counted(result.errata.count, "erratum", "errata")
            let pages = counted(result.pages, "page")
            let accuracy = result.accuracy.map {
                "; \(percent($0)) of the test pictures predicted as labelled"
            }
            return """
                \(counted(result.images, "picture")) on \(pages)\(errata)\(accuracy ?? "").
                \(result.outcome), \(formatted(result.elapsed).drop { $0 == " " }) s.
                \(result.path)
                """
        }
    }
}

extension BuildResult {
    /// What the build changed, in words.
    var outcome: String {
        if changed == 0, rewritten == 0 { return "Nothing changed" }
        return "\(counted(changed, "picture")) changed, \(counted(rewritten, "page")) written"
    }
}
