import ArgumentParser
import Atlas

struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show an atlas in a browser on this machine only, and take votes in.",
        discussion: """
            Examples:
              geoatlas serve public --port 8080
              geoatlas serve public --watch
              geoatlas serve public --watch -- rocks.zip --content texts

            Votes that reviewers hand in are kept in the folder's votes/. Ctrl-C ends it.

            With --watch the atlas is built first, and again after each change of its collection,
            content/ or templates/; open pages are then loaded again. The options of the last build
            are used, or those after the two hyphens. If a build fails, the last atlas stays.
            """)

    @Argument(help: "Folder of the atlas.")
    var folder = "public"

    @Option(help: ArgumentHelp("Port on 127.0.0.1.", valueName: "n"))
    var port: UInt16 = 8080

    @Flag(help: "Build again after each change, and load open pages again.")
    var watch = false

    @Option(
        help: ArgumentHelp(
            "With --watch: the workspace of the last build, which has its options.",
            valueName: "folder"))
    var workspace = ".geoatlas"

    @Flag(help: "No progress on standard error.")
    var quiet = false

    @Argument(
        parsing: .postTerminator,
        help: ArgumentHelp(
            "With --watch, after two hyphens: the arguments of \"geoatlas build\".",
            valueName: "build arguments"))
    var build: [String] = []

    func validate() throws {
        // With port 0 the system would choose any free port.
        if port == 0 { throw ValidationError("--port is 0, but has to be 1 to 65535.") }
        if !watch, !build.isEmpty {
            throw ValidationError("Arguments after \"--\" are those of a build. Add --watch.")
        }
    }

    func run() throws {
        guard watch else {
            return try Run(narrator: .silent).serve(folder, port: port, report: say)
        }
        let (options, run) = try watchedBuild()
        try run.serve(building: options, port: port, report: say)
    }

    /// The build of `--watch`, and what runs it.
    private func watchedBuild() throws -> (options: BuildOptions, run: Run) {
        let narrator = console(quiet: quiet)
        guard !build.isEmpty else {
            let last = try BuildOptions.last(of: folder, workspace: workspace)
            return (last.options, Run(narrator: narrator, seed: last.seed))
        }
        let build = try Build.parse(build)
        let named = [Build.defaultOutput, folder]
        guard named.contains(build.atlas.output) else {
            throw ValidationError(
                "--output is \(build.atlas.output), but the atlas to be shown is in \(folder).")
        }
        var options = build.options
        options.output = folder
        return (options, Run(narrator: narrator, jobs: build.work.jobs, seed: build.work.seed))
    }

    private func say(_ event: ServeEvent) {
        switch event {
        case .listening(let address):
            geoatlas.say("Preview of \(folder) at \(address)  (Ctrl-C ends it)")
        case .changed(let path):
            if !quiet { geoatlas.say("\(path) changed.") }
        case .built(let result):
            if !quiet {
                let seconds = formatted(result.elapsed).drop { $0 == " " }
                geoatlas.say("\(result.outcome), \(seconds) s.")
            }
        case .failed(let error):
            geoatlas.say("geoatlas: \(error)")
        }
    }
}
