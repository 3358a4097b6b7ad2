import ArgumentParser
import Atlas
import AtlasModel
import Messages

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look for broken links, and missing, changed and foreign files in an atlas.",
        discussion: "Example:\n  geoatlas check public")

    @Argument(help: "Folder of the atlas.")
    var folder: String

    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    func run() throws {
        let result = try Run(work, console).check(folder)
        try console.print(result) { result in
            (result.problems.map { "\($0.path): \($0.reason)" }
                + ["\(result.files) files, \(counted(result.problems.count, "problem"))"])
                .joined(separator: "\n")
        }
        if !result.problems.isEmpty { throw ExitCode(1) }
    }
}

struct Publish: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Bring an atlas to a share, mapped drive or web server's folder with rsync.",
        discussion: """
            Example:
              geoatlas publish public /mnt/share/rock-atlas

            Pages come after the files they name, so readers always find a whole edition. Only files
            of earlier editions are removed; votes/ and files of others stay. The atlas's files are
            compared with its manifest first; to follow its links as well, run "geoatlas check".
            """)

    @Argument(help: "Folder of the atlas.")
    var folder: String

    @Argument(help: "Folder, made if need be, or an address rsync knows, e.g. host:/srv/atlas.")
    var destination: String

    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    func run() throws {
        let result = try Run(work, console).publish(folder, to: destination)
        try console.print(result) {
            "\(counted($0.sent, "file")) sent (\(counted($0.bytes, "byte"))), "
                + "\($0.kept) kept, \($0.removed) removed"
        }
    }
}

struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show an atlas in a browser on this machine only, and take votes in.",
        discussion: """
            Example:
              geoatlas serve public --port 8080

            Votes that reviewers hand in are kept in the folder's votes/. Ctrl-C ends it.
            """)

    @Argument(help: "Folder of the atlas.")
    var folder = "public"

    @Option(help: ArgumentHelp("Port on 127.0.0.1.", valueName: "n"))
    var port: UInt16 = 8080

    func validate() throws {
        // With port 0 the system would choose any free port.
        if port == 0 { throw ValidationError("--port is 0, but has to be 1 to 65535.") }
    }

    func run() throws {
        let folder = folder
        try Run(narrator: .silent).serve(folder, port: port) { address in
            say("Preview of \(folder) at \(address)  (Ctrl-C ends it)")
        }
    }
}
