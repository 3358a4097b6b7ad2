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
        abstract: "Bring an atlas to a share, a mapped drive or a web server's folder.",
        discussion: """
            Examples:
              geoatlas publish public /mnt/share/rock-atlas
              geoatlas publish public web@rocks:/srv/atlas

            Files come before the pages that name them, so readers find no missing file meanwhile.
            Only files that changed are copied. Files that are out of the atlas stay for one
            publication more, for readers who have an older page open; --remove-now removes them
            at once. votes/ and files of others stay. Another machine is reached with ssh (or the
            command in RSYNC_RSH) and rsync. To follow the links of the atlas, run "geoatlas check".
            """)

    @Argument(help: "Folder of the atlas.")
    var folder: String

    @Argument(help: "Folder, made if need be, or host:path of another machine.")
    var destination: String

    @Flag(help: "Change nothing; list what would be copied and removed.")
    var dryRun = false

    @Flag(help: "Remove files that are out of the atlas at once, not one publication later.")
    var removeNow = false

    @Flag(help: "Take over the lock of a publisher on another machine that does not run any more.")
    var breakLock = false

    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    func run() throws {
        let wishes = PublishWishes(dryRun: dryRun, removeNow: removeNow, breakLock: breakLock)
        let result = try Run(work, console).publish(folder, to: destination, wishes)
        try console.print(result, as: dryRun ? Self.plan : Self.report)
    }

    private static func report(_ result: PublishResult) -> String {
        "\(counted(result.sent, "file")) sent (\(counted(result.bytes, "byte"))), "
            + "\(result.kept) kept, \(result.removed) removed" + waiting(result)
    }

    private static func plan(_ result: PublishResult) -> String {
        let changes = result.changes
        let lines =
            (changes?.new ?? []).map { "new      \($0)" }
            + (changes?.replaced ?? []).map { "replaced \($0)" }
            + (changes?.removed ?? []).map { "removed  \($0)" }
            + (changes?.waiting ?? []).map { "waiting  \($0)" }
        let total =
            "Nothing was changed. Publishing would send \(counted(result.sent, "file")) "
            + "(\(counted(result.bytes, "byte"))), keep \(result.kept), remove \(result.removed)."
        return (lines + [total + waiting(result)]).joined(separator: "\n")
    }

    /// When the files go that are out of the atlas.
    private static func waiting(_ result: PublishResult) -> String {
        guard result.waiting > 0 else { return "" }
        return
            "\n\(counted(result.waiting, "file")) out of the atlas, kept for readers of older pages: "
            + "the next publication removes \(result.waiting == 1 ? "it" : "them"), "
            + "--remove-now does it at once"
    }
}
