import ArgumentParser
import Atlas
import AtlasModel
import Foundation
import Messages

struct Groups: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Find the pictures that belong together: copies, one specimen, the same ground.",
        discussion: """
            Example:
              geoatlas groups rocks.zip --output groups.h5 --csv pairs.csv

            docs/groups.md says when two pictures belong together.
            """)

    @OptionGroup var source: CollectionOptions

    @Option(
        name: [.short, .long], help: ArgumentHelp("HDF5 file for the groups.", valueName: "g.h5"))
    var output: String?

    @Option(help: ArgumentHelp("Also write the pairs as a table.", valueName: "pairs.csv"))
    var csv: String?

    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    func validate() throws {
        guard let output, let csv else { return }
        func place(_ path: String) -> String { URL(filePath: path).standardizedFileURL.path }
        if place(csv) == place(output) {
            throw ValidationError("--output and --csv name the same file, \(csv).")
        }
    }

    func run() throws {
        let result = try Run(work, console).groups(source.value, output: output, table: csv)
        try console.print(result, as: sentence)
    }

    /// How many pictures are in groups, and the number of pairs of each kind.
    private func sentence(_ result: GroupsResult) -> String {
        let members = result.groups.reduce(0) { $0 + $1.count }
        let kinds = PairKind.allCases.compactMap { kind -> String? in
            let count = result.pairs.count { $0.kind == kind }
            guard count > 0 else { return nil }
            let pairs = counted(count, "pair")
            return switch kind {
            case .identical: "\(pairs) of equal pictures"
            case .copy: "\(pairs) of a picture and its copy"
            case .ground: "\(pairs) of the same ground"
            case .specimen: "\(pairs) of one specimen"
            }
        }
        let groups =
            "\(members) of \(counted(result.images, "picture")) in "
            + counted(result.groups.count, "group")
        return ([groups] + kinds).joined(separator: "\n")
    }
}
