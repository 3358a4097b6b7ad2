import AtlasModel
import Grouping
import HDF5

/// `groups.h5`: the pictures of a collection that belong together.
enum GroupsFile {
    /// Writes `/keys`, `/groups (n) int32`, for each picture the index of the first picture of its
    /// group, the pairs below `/pairs`, and those that are no duplicates by a verdict below `/denied`
    /// (`PairColumns`).
    /// - Throws: `HDF5Error.notWritten`.
    static func write(_ path: String, keys: [String], _ groups: PictureGroups) throws {
        try HDF5File.write(path) { file in
            try file.strings("keys", keys)
            try file.numbers("groups", groups.first.map(Int32.init), shape: [groups.first.count])
            try PairColumns.write(groups.pairs, to: file, below: "pairs")
            try PairColumns.write(groups.denied, to: file, below: "denied")
        }
    }

    /// Reads the file that `write` wrote.
    /// - Throws: `HDF5Error`, with the name of the data set that is missing or out of range.
    static func read(_ path: String) throws -> PictureGroups {
        try HDF5File.read(path) { file in
            let first = try file.numbers("groups", as: Int32.self).values.map(Int.init)
            guard first.enumerated().allSatisfy({ 0 <= $1 && $1 <= $0 }) else {
                throw HDF5Error.wrongKind(
                    path: path, name: "groups", expected: "indices of earlier pictures")
            }
            return PictureGroups(
                pairs: try PairColumns.read(
                    from: file, path, below: "pairs", pictures: first.count),
                denied: try PairColumns.read(
                    from: file, path, below: "denied", pictures: first.count),
                first: first)
        }
    }
}

/// `compared.h5`: which pictures are copies and show the same ground, for the next build.
enum ComparedFile {
    /// Writes `/pictures`, and pairs below `/copies` and `/ground` (`PairColumns`).
    /// - Throws: `HDF5Error.notWritten`.
    static func write(_ path: String, _ compared: ComparedPictures) throws {
        try HDF5File.write(path) { file in
            try file.strings("pictures", compared.pictures)
            try PairColumns.write(compared.copies, to: file, below: "copies")
            try PairColumns.write(compared.ground, to: file, below: "ground")
        }
    }

    /// Reads the file that `write` wrote.
    /// - Throws: `HDF5Error`, with the name of the data set that is missing or out of range.
    static func read(_ path: String) throws -> ComparedPictures {
        try HDF5File.read(path) { file in
            let pictures = try file.strings("pictures")
            let copies = try PairColumns.read(
                from: file, path, below: "copies", pictures: pictures.count)
            let ground = try PairColumns.read(
                from: file, path, below: "ground", pictures: pictures.count)
            return ComparedPictures(pictures: pictures, copies: copies, ground: ground)
        }
    }
}
