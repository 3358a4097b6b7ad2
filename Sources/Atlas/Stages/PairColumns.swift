import AtlasModel
import HDF5

/// Pairs of pictures in an HDF5 file, one data set for each column below a group: `a`, `b int32`, `kind`,
/// `down`, `right`, `turn int16` and `correlation float64`, which is NaN for a specimen.
enum PairColumns {
    static func write(
        _ pairs: [PicturePair], to file: borrowing HDF5Writer, below group: String
    ) throws {
        let shape = [pairs.count]
        try file.numbers("\(group)/a", pairs.map { Int32($0.a) }, shape: shape)
        try file.numbers("\(group)/b", pairs.map { Int32($0.b) }, shape: shape)
        try file.strings("\(group)/kind", pairs.map(\.kind.rawValue))
        try file.numbers("\(group)/down", pairs.map { Int16($0.down) }, shape: shape)
        try file.numbers("\(group)/right", pairs.map { Int16($0.right) }, shape: shape)
        try file.numbers("\(group)/turn", pairs.map { Int16($0.turn) }, shape: shape)
        try file.numbers("\(group)/correlation", pairs.map(\.correlation), shape: shape)
    }

    /// - Parameters:
    ///   - path: of the file, for errors.
    ///   - pictures: number of pictures.
    /// - Throws: `HDF5Error`, with the name of the data set that is missing or out of range.
    static func read(
        from file: borrowing HDF5Reader, _ path: String, below group: String, pictures: Int
    ) throws -> [PicturePair] {
        let kinds = try file.strings("\(group)/kind")
        let a = try column("\(group)/a", in: file, path, kinds.count, as: Int32.self)
        let b = try column("\(group)/b", in: file, path, kinds.count, as: Int32.self)
        let down = try column("\(group)/down", in: file, path, kinds.count, as: Int16.self)
        let right = try column("\(group)/right", in: file, path, kinds.count, as: Int16.self)
        let turn = try column("\(group)/turn", in: file, path, kinds.count, as: Int16.self)
        let correlation = try column(
            "\(group)/correlation", in: file, path, kinds.count, as: Double.self)
        return try kinds.indices.map { index in
            guard let kind = PairKind(rawValue: kinds[index]) else {
                throw HDF5Error.wrongKind(
                    path: path, name: "\(group)/kind", expected: "known kinds of pairs")
            }
            guard 0 <= a[index], a[index] < b[index], b[index] < pictures else {
                throw HDF5Error.wrongKind(
                    path: path, name: "\(group)/b", expected: "indices of later pictures")
            }
            return PicturePair(
                a: Int(a[index]), b: Int(b[index]), kind: kind, down: Int(down[index]),
                right: Int(right[index]), turn: Int(turn[index]), correlation: correlation[index])
        }
    }

    /// One number of each pair.
    private static func column<Number: HDF5Number>(
        _ name: String, in file: borrowing HDF5Reader, _ path: String, _ count: Int,
        as: Number.Type
    ) throws -> [Number] {
        let (values, shape) = try file.numbers(name, as: Number.self)
        guard shape == [count] else {
            throw HDF5Error.wrongShape(path: path, name: name, shape: shape)
        }
        return values
    }
}
