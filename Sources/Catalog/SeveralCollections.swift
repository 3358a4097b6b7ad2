import AtlasModel
import Foundation
import Messages

extension Collection {
    /// Opens several archives and folders as one collection.
    ///
    /// The files of each are in a folder with its name, without `.zip`. So an archive that is called
    /// like a rock type, or `train`, is taken for a folder of that name.
    /// - Parameters:
    ///   - paths: at least one. A single one is opened as it is.
    ///   - leavingOut: see `open(_:leavingOut:)`.
    /// - Throws: `CatalogError`, also for one that is given twice or is inside another.
    package static func open(_ paths: [String], leavingOut: [String] = []) throws -> Collection {
        precondition(!paths.isEmpty, "there is no collection without a place")
        if paths.count == 1 { return try open(paths[0], leavingOut: leavingOut) }
        let places = paths.map { URL(filePath: $0).resolvingSymlinksInPath().path }
        try requireDistinct(paths, places)
        let parts = try paths.map { try open($0, leavingOut: leavingOut) }
        var names: [String] = []
        var entries: [Entry] = []
        /// Part and entry in it, by the index of the entry in the whole.
        var sources: [(part: Int, entry: Entry)] = []
        for (number, part) in parts.enumerated() {
            let name = distinct(part.folderName, from: names)
            names.append(name)
            for entry in part.entries + part.tables {
                // An archive inside a folder that is given itself is read as such.
                if places.contains("\(places[number])/\(entry.path)") { continue }
                let index = UInt64(sources.count)
                sources.append((number, entry))
                entries.append(
                    Entry(
                        path: "\(name)/\(entry.path)", index: index, obstacle: entry.obstacle,
                        version: entry.version))
            }
        }
        let known = sources
        return Collection(
            path: listed(paths), name: listed(parts.map(\.name)), entries: entries,
            notes: parts.flatMap(\.notes)
        ) { entry, examine in
            let source = known[Int(entry.index)]
            return try parts[source.part].bytes(of: source.entry, examine: examine)
        }
    }

    /// - Parameter places: the paths with links resolved.
    private static func requireDistinct(_ paths: [String], _ places: [String]) throws {
        for (index, place) in places.enumerated() {
            for other in places.indices where other != index {
                if place == places[other], other < index {
                    throw CatalogError.givenTwice(path: paths[index], other: paths[other])
                }
                var isFolder: ObjCBool = false
                if place.hasPrefix(places[other] + "/"),
                    FileManager.default.fileExists(atPath: place, isDirectory: &isFolder),
                    isFolder.boolValue
                {
                    throw CatalogError.givenInside(path: paths[index], other: paths[other])
                }
            }
        }
    }

    /// `name`, or `name~2` and so on if that is in `names`, whatever the case of letters.
    private static func distinct(_ name: String, from names: [String]) -> String {
        let taken = Set(names.map { $0.lowercased() })
        var number = 1
        while true {
            let candidate = number == 1 ? name : "\(name)~\(number)"
            if !taken.contains(candidate.lowercased()) { return candidate }
            number += 1
        }
    }

    /// Name of the archive without `.zip`, or of the folder.
    private var folderName: String {
        name.lowercased().hasSuffix(".zip") && name.count > 4 ? String(name.dropLast(4)) : name
    }

    /// Most names in a list.
    private static let namesListed = 4

    /// `a.zip, b and c.zip`; of many the first ones and the number of the others.
    private static func listed(_ names: [String]) -> String {
        guard names.count > namesListed else {
            return names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
        }
        return names.prefix(namesListed - 1).joined(separator: ", ")
            + " and \(names.count - namesListed + 1) more"
    }
}
