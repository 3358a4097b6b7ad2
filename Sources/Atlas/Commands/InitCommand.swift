import AtlasModel
import Catalog
import Files
import Foundation
import Site
import Yams

/// What `init` wrote.
package struct InitResult: Encodable, Sendable, Equatable {
    /// Path of the settings.
    package let path: String
    /// In falling order of their number of pictures.
    package let types: [TypeCount]
    /// Number of pictures in folders that name no type.
    package let unlabelled: Int

    package struct TypeCount: Encodable, Sendable, Equatable {
        package let label: String
        package let pictures: Int
    }
}

extension Run {
    /// Writes an `atlas.yml` for a collection: its types in falling order of their number of pictures,
    /// equal numbers in alphabetical order, with colours; and all other settings as the program has
    /// them, with their comments.
    /// - Parameters:
    ///   - path: the collection.
    ///   - content: the folder for `atlas.yml`; made if it is missing.
    /// - Throws: `AtlasError.settingsExist` when there is such a file; `CatalogError`.
    package func initialise(_ path: String, content: String) throws -> InitResult {
        let file = content + "/atlas.yml"
        guard !FileManager.default.fileExists(atPath: file) else {
            throw AtlasError.settingsExist(path: file)
        }
        let folders = PictureFolders(of: try Collection.open([path]))
        let own = folders.types.isUsable || folders.count(of: RockType.reference) > 0
        let found = own ? folders.types.types : []
        let counted = folders.pictures(of: found)
        let types = zip(found, counted.labelled).map {
            InitResult.TypeCount(label: $0.label, pictures: $1)
        }.sorted { ($1.pictures, $0.label) < ($0.pictures, $1.label) }
        let text = try StartingSettings(
            defaults: Defaults.here.shipped("content") + "/atlas.yml"
        ).text(collection: path, types: types.map(\.label))
        do {
            try Folders.make(content)
            try AtomicFile.write(Array(text.utf8), to: file)
        } catch {
            throw AtlasError.notWritten(path: file, reason: error.reason)
        }
        return InitResult(path: file, types: types, unlabelled: counted.others)
    }
}

/// The text of an `atlas.yml` to begin with: that of the program, with other values for `title`,
/// `collection` and `types`.
struct StartingSettings {
    private let lines: [Substring]

    /// - Parameter defaults: path of the `atlas.yml` that comes with the program.
    init(defaults: String) throws {
        guard let data = FileManager.default.contents(atPath: defaults) else {
            throw AtlasError.unreadableSettings(path: defaults, reason: "you may not open it")
        }
        lines = String(decoding: data, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// - Parameter types: their labels, in the order of their pages.
    func text(collection: String, types: [String]) throws -> String {
        var result: [String] = []
        var isInTypes = false
        for line in lines {
            if isInTypes, line.hasPrefix(" ") { continue }
            isInTypes = line.hasPrefix("types:")
            switch line.prefix(while: { $0 != ":" }) {
            case "title": result.append("title: " + (try Self.scalar(Self.title(collection))))
            case "collection": result.append("collection: " + (try Self.scalar(collection)))
            case "types" where types.isEmpty:
                result.append("#types:\n#  - granite\n#  - basalt")
            case "types": result += ["types:"] + (try Self.entries(types))
            default: result.append(String(line))
            }
        }
        return result.joined(separator: "\n")
    }

    /// The lines of the types. Those that style sheets know keep their colours.
    private static func entries(_ types: [String]) throws -> [String] {
        let looks = TypeColours.looks(of: types)
        return try zip(types, looks).flatMap { label, look in
            guard let look else { return ["  - " + (try scalar(label))] }
            return [
                "  - label: " + (try scalar(label)),
                "    colour: { light: \"\(look.light)\", dark: \"\(look.dark)\" }",
            ]
        }
    }

    /// A value as YAML, in quotation marks where they are needed.
    private static func scalar(_ text: String) throws -> String {
        try Yams.dump(object: text, allowUnicode: true).split(separator: "\n")
            .joined(separator: " ")
    }

    /// The name of the file or folder without its ending, as a title.
    private static func title(_ collection: String) -> String {
        let name = Paths.name(of: Paths.normalized(collection))
        let stem = name.hasSuffix(".zip") ? Paths.stem(of: name) : name
        guard stem.contains(where: \.isLetter) else { return "GeoAtlas" }
        return stem.prefix(1).uppercased() + stem.dropFirst()
    }
}
