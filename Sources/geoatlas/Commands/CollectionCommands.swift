import ArgumentParser
import Atlas
import AtlasModel
import Foundation
import Messages

struct Sample: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Draw the embedded sample collection: six rock types, every picture different.",
        discussion: "Example:\n  geoatlas sample rocks.zip --per-type 50")

    @Argument(help: "Folder to make, or zip archive if the name ends in .zip.")
    var output: String

    @Option(help: ArgumentHelp("Pictures of each type.", valueName: "n"))
    var perType = 100

    @Option(help: ArgumentHelp("Side of a picture in pixels.", valueName: "px"))
    var size = 224

    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    func validate() throws {
        guard (1...100_000).contains(perType) else {
            throw ValidationError("--per-type is \(perType), but has to be 1 to 100000.")
        }
        guard (16...4096).contains(size) else {
            throw ValidationError("--size is \(size), but has to be 16 to 4096 pixels.")
        }
    }

    func run() throws {
        let result = try Run(work, console).sample(to: output, perType: perType, size: size)
        try console.print(result) { "\(counted($0.images, "picture")) drawn in \($0.path)" }
    }
}

struct Init: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write an atlas.yml for a collection of your own, ready to edit.",
        discussion: """
            The folders that contain the pictures become the rock types, those with most pictures first.

            Example:
              geoatlas init rocks
              geoatlas build
            """)

    @Argument(help: "A zip archive or a folder of pictures.")
    var collection: String

    @Option(
        help: ArgumentHelp(
            "Folder for atlas.yml; \"build\" finds it in \"content\".", valueName: "folder"))
    var content = "content"

    @OptionGroup var console: OutputOptions

    func run() throws {
        let run = Run(narrator: geoatlas.console(quiet: console.quiet), jobs: nil, seed: 0)
        try console.print(try run.initialise(collection, content: content)) { result in
            let types = result.types.map { "\($0.label) (\($0.pictures))" }
            let others = result.unlabelled == 0 ? "" : ", \(result.unlabelled) without a type"
            return "\(result.path) written: "
                + (types.isEmpty
                    ? "no folder names a rock type, so the pictures have no labels"
                    : types.joined(separator: ", ") + others)
                + ". Edit it, then run \"geoatlas build"
                + (content == "content" ? "\"." : " --content \(content)\".")
        }
    }
}

struct Dataset: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write a collection as a data set that h5py and Keras read.",
        discussion: "Example:\n  geoatlas dataset rocks.zip --output rocks.h5 --metadata rocks.csv")

    @OptionGroup var source: CollectionOptions
    @OptionGroup var split: SplitOptions

    @Option(name: [.short, .long], help: ArgumentHelp("HDF5 file to write.", valueName: "f.h5"))
    var output: String

    @Flag(help: "Also write the vectors of all four turns of every picture.")
    var vectors = false

    @Option(help: ArgumentHelp("Also write a table of the pictures.", valueName: "m.csv"))
    var metadata: String?

    @OptionGroup var work: WorkOptions
    @OptionGroup var console: OutputOptions

    func validate() throws {
        guard let metadata else { return }
        func place(_ path: String) -> String { URL(filePath: path).standardizedFileURL.path }
        if place(metadata) == place(output) {
            throw ValidationError("--output and --metadata name the same file, \(metadata).")
        }
    }

    func run() throws {
        let result = try Run(work, console).dataset(
            source.value.split(by: split), output: output, vectors: vectors,
            metadata: metadata)
        try console.print(result) {
            "\(counted($0.images, "picture")): \($0.train) training, \($0.dev) dev, "
                + "\($0.test) test; \(counted($0.errata.count, "erratum", "errata"))"
        }
    }
}
