import ArgumentParser
import Atlas
import AtlasModel
import Messages

struct Votes: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Plan a trial, gather reviewers' votes, count them, end the trial.",
        discussion: """
            Example:
              geoatlas votes plan
              geoatlas votes merge /mnt/share/rock-atlas/votes --into review/votes
              geoatlas votes tally review/votes --key review/key.json
            """,
        subcommands: [Plan.self, Merge.self, Tally.self, Close.self])

    struct Plan: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what a trial asks of its reviewers, and what it can find out.",
            discussion: """
                Example:
                  geoatlas votes plan

                Tells of the running trial, or else of the one that the next build would draw with the
                settings under "review" in atlas.yml. It changes nothing.
                """)

        @Option(help: ArgumentHelp("Folder with atlas.yml.", valueName: "folder"))
        var content: String?

        @Option(help: ArgumentHelp("Folder of the running review.", valueName: "folder"))
        var review = "review"

        @OptionGroup var console: OutputOptions

        func run() throws {
            let result = try Run(narrator: geoatlas.console(quiet: console.quiet))
                .planTrial(in: review, content: content)
            try console.print(result, as: \.text)
        }
    }

    struct Merge: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add votes to a folder; none is lost or counted twice.",
            discussion: """
                Example:
                  geoatlas votes merge /mnt/share/rock-atlas/votes --into review/votes

                A line that is no vote is reported and stops nothing; the exit status is then 1.
                """)

        @Argument(help: "Vote files of any name, or folders of them.")
        var files: [String]

        @Option(help: ArgumentHelp("Folder the votes are kept in.", valueName: "folder"))
        var into: String

        @OptionGroup var console: OutputOptions

        func run() throws {
            let result = try Run(narrator: geoatlas.console(quiet: console.quiet))
                .mergeVotes(files, into: into)
            try console.print(result) { result in
                (result.rejected.map(\.sentence)
                    + [
                        "\(counted(result.votes, "vote")) in \(into), \(result.added) of them new; "
                            + "\(result.duplicates) known already, \(result.rejected.count) rejected"
                    ]).joined(separator: "\n")
            }
            try complain(about: result.rejected)
        }
    }

    struct Tally: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Count the votes and say which model was preferred.",
            discussion: "Example:\n  geoatlas votes tally review/votes --key review/key.json")

        @Argument(help: "Folder with the votes.")
        var folder: String

        @Option(
            help: ArgumentHelp(
                "The trial's key: which model made which panel.", valueName: "key.json"))
        var key: String

        @OptionGroup var console: OutputOptions

        func run() throws {
            let result = try Run(narrator: geoatlas.console(quiet: console.quiet))
                .tallyVotes(in: folder, key: key)
            try console.print(result, as: \.table)
            try complain(about: result.rejected)
        }
    }

    struct Close: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End the running trial; the next build draws a new one.",
            discussion: """
                Example:
                  geoatlas votes close

                plan.json and key.json move to closed/ in the review folder, with the votes so far and
                results.json beside them; the votes stay too. The next build shows the results.
                """)

        @Option(help: ArgumentHelp("Folder of the running review.", valueName: "folder"))
        var review = "review"

        @OptionGroup var console: OutputOptions

        func run() throws {
            let result = try Run(narrator: geoatlas.console(quiet: console.quiet))
                .closeTrial(in: review)
            try console.print(result) {
                "The trial \($0.trial) has ended; its plan and key are in \($0.path)."
            }
        }
    }
}

/// Ends with status 1 when lines were rejected. They have been printed before.
private func complain(about rejected: [Rejection]) throws {
    guard let first = rejected.first else { return }
    let others = rejected.count == 1 ? "" : " (and \(rejected.count - 1) more)"
    say("geoatlas: rejected: \(first.sentence)\(others) Mend it, or ask for the file again.")
    throw ExitCode(1)
}
