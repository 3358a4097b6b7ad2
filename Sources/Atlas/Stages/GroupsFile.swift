import AtlasModel
import HDF5

/// `groups.h5`: the pictures of a collection that belong together.
enum GroupsFile {
    /// Writes `/keys`, `/groups (n) int32`, for each picture the index of the first picture of its
    /// group, and of each pair `/pairs/a`, `/pairs/b int32`, `/pairs/kind`, `/pairs/down`,
    /// `/pairs/right`, `/pairs/turn int16` and `/pairs/correlation float64`, which is NaN for a specimen.
    /// - Throws: `HDF5Error.notWritten`.
    static func write(_ path: String, keys: [String], _ groups: PictureGroups) throws {
        let pairs = groups.pairs
        let shape = [pairs.count]
        try HDF5File.write(path) { file in
            try file.strings("keys", keys)
            try file.numbers("groups", groups.first.map(Int32.init), shape: [groups.first.count])
            try file.numbers("pairs/a", pairs.map { Int32($0.a) }, shape: shape)
            try file.numbers("pairs/b", pairs.map { Int32($0.b) }, shape: shape)
            try file.strings("pairs/kind", pairs.map(\.kind.rawValue))
            try file.numbers("pairs/down", pairs.map { Int16($0.down) }, shape: shape)
            try file.numbers("pairs/right", pairs.map { Int16($0.right) }, shape: shape)
            try file.numbers("pairs/turn", pairs.map { Int16($0.turn) }, shape: shape)
            try file.numbers("pairs/correlation", pairs.map(\.correlation), shape: shape)
        }
    }

    /// Reads the file that `write` wrote.
    /// - Throws: `HDF5Error`, with the name of the data set that is missing or out of range.
    static func read(_ path: String) throws -> PictureGroups {
        try HDF5File.read(path) { file in
            let kinds = try file.strings("pairs/kind")
            let first = try file.numbers("groups", as: Int32.self).values.map(Int.init)
            guard first.enumerated().allSatisfy({ 0 <= $1 && $1 <= $0 }) else {
                throw HDF5Error.wrongKind(
                    path: path, name: "groups", expected: "indices of earlier pictures")
            }
            let a = try column("a", in: file, path, kinds.count, as: Int32.self)
            let b = try column("b", in: file, path, kinds.count, as: Int32.self)
            let down = try column("down", in: file, path, kinds.count, as: Int16.self)
            let right = try column("right", in: file, path, kinds.count, as: Int16.self)
            let turn = try column("turn", in: file, path, kinds.count, as: Int16.self)
            let correlation = try column(
                "correlation", in: file, path, kinds.count, as: Double.self)
            let pairs = try kinds.indices.map { index in
                guard let kind = PairKind(rawValue: kinds[index]) else {
                    throw HDF5Error.wrongKind(
                        path: path, name: "pairs/kind", expected: "known kinds of pairs")
                }
                guard 0 <= a[index], a[index] < b[index], b[index] < first.count else {
                    throw HDF5Error.wrongKind(
                        path: path, name: "pairs/b", expected: "indices of later pictures")
                }
                return PicturePair(
                    a: Int(a[index]), b: Int(b[index]), kind: kind, down: Int(down[index]),
                    right: Int(right[index]), turn: Int(turn[index]),
                    correlation: correlation[index])
            }
            return PictureGroups(pairs: pairs, first: first)
        }
    }

    /// One number of each pair.
    private static func column<Number: HDF5Number>(
        _ name: String, in file: borrowing HDF5Reader, _ path: String, _ count: Int,
        as: Number.Type
    ) throws -> [Number] {
        let (values, shape) = try file.numbers("pairs/" + name, as: Number.self)
        guard shape == [count] else {
            throw HDF5Error.wrongShape(path: path, name: "pairs/" + name, shape: shape)
        }
        return values
    }
}
