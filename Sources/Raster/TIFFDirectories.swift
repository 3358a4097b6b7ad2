/// The directories of a file with the structure of TIFF: of TIFF and BigTIFF files, of EXIF metadata and
/// of most cameras' raw pictures (TIFF 6.0, section 2; BigTIFF has longer fields).
///
/// Reads numbers only, and nothing outside the file.
struct TIFFDirectories {
    private let bytes: ArraySlice<UInt8>
    private let isLittle: Bool
    private let isBig: Bool

    /// Most directories that are looked at.
    private static let limit = 64

    init(_ bytes: some Sequence<UInt8>) { self.init(Array(bytes)[...]) }

    init(_ bytes: [UInt8]) { self.init(bytes[...]) }

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        isLittle = bytes.first == 0x49
        isBig = bytes.dropFirst(2).prefix(2).contains(43)
    }

    /// The bytes from `offset` on; `nil` if they are not all in the file.
    func bytes(at offset: Int, count: Int) -> ArraySlice<UInt8>? {
        guard offset >= 0, count >= 0, offset <= bytes.count - count else { return nil }
        let begin = bytes.startIndex + offset
        return bytes[begin..<begin + count]
    }

    /// A number of `size` bytes, `nil` outside the file.
    func number(at offset: Int, size: Int) -> Int? {
        guard let field = bytes(at: offset, count: size) else { return nil }
        let value =
            isLittle
            ? field.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            : field.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(exactly: value)
    }

    /// An entry of a directory.
    struct Field {
        /// Number of the type of its values.
        let type: Int
        /// Number of values, not 0.
        let count: Int
        /// Of the first value.
        let place: Int
    }

    /// A directory: its fields by tag, and where the next one is.
    struct Directory {
        var fields: [Int: Field] = [:]
        var next = 0
    }

    /// Bytes of a value by type (TIFF 6.0, section 2; the last three are of BigTIFF).
    private static let sizes = [
        1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8,
        17: 8, 18: 8, 129: 1,
    ]

    /// The directory at a place. Of fields with one tag the first one counts, and empty ones are left
    /// out, because they tell nothing.
    func directory(at offset: Int) -> Directory? {
        let (countSize, entrySize) = isBig ? (8, 20) : (2, 12)
        guard offset > 0, let count = number(at: offset, size: countSize), count <= 65_535 else {
            return nil
        }
        var directory = Directory()
        let start = offset + countSize
        for index in 0..<count {
            let entry = start + index * entrySize
            let valueSize = isBig ? 8 : 4
            guard let tag = number(at: entry, size: 2), let type = number(at: entry + 2, size: 2),
                let values = number(at: entry + 4, size: valueSize)
            else { break }
            let inside = entry + 4 + valueSize
            let isInside = values <= valueSize / (Self.sizes[type] ?? valueSize)
            guard values > 0, directory.fields[tag] == nil,
                let place = isInside ? inside : number(at: inside, size: valueSize)
            else { continue }
            directory.fields[tag] = Field(type: type, count: values, place: place)
        }
        directory.next = number(at: start + count * entrySize, size: isBig ? 8 : 4) ?? 0
        return directory
    }

    /// The value of a field of whole numbers; `nil` for other types, and without it.
    /// - Parameter index: of the value.
    func value(of tag: Int, in directory: Directory?, at index: Int = 0) -> Int? {
        // BYTE, SHORT, LONG, IFD, LONG8, IFD8.
        guard let field = directory?.fields[tag], index < field.count,
            [1, 3, 4, 13, 16, 18].contains(field.type), let size = Self.sizes[field.type]
        else { return nil }
        return number(at: field.place + index * size, size: size)
    }

    /// The directory that a field points to.
    func directory(_ tag: Int, of parent: Directory?) -> Directory? {
        value(of: tag, in: parent).flatMap(directory(at:))
    }

    /// The place of the first directory.
    private var start: Int? { number(at: isBig ? 8 : 4, size: isBig ? 8 : 4) }

    /// The first directory.
    var first: Directory? { start.flatMap(directory(at:)) }

    /// The value of tag 0x0112 of the first directory.
    var orientation: Int? { value(of: 0x0112, in: first) }

    /// Whether the first directory names one (EXIF, tag 0x8825) with a latitude or a longitude.
    /// Cameras without a receiver write an empty one.
    var hasPosition: Bool {
        guard let position = directory(0x8825, of: first) else { return false }
        return position.fields[0x0002] != nil || position.fields[0x0004] != nil
    }

    /// Whether this is the raw picture of a camera: some directory has samples of a colour filter array
    /// (photometric interpretation 32803), linear raw samples (34892), a compression that only cameras
    /// use, or the version of DNG; or the file has the mark of Canon's CR2.
    var isRaw: Bool {
        if bytes.dropFirst(8).starts(with: [0x43, 0x52, 0x02]) { return true }
        var waiting = [start ?? 0]
        var seen: Set<Int> = []
        while let offset = waiting.popLast(), seen.count < Self.limit {
            guard seen.insert(offset).inserted, let directory = directory(at: offset) else {
                continue
            }
            // Nikon's, Sony's, Samsung's, Kodak's and Pentax's compressions.
            let compressions = [34_713, 32_767, 32_770, 32_867, 65_000, 65_535]
            if value(of: 262, in: directory).map([32_803, 34_892].contains) == true
                || value(of: 259, in: directory).map(compressions.contains) == true
                || directory.fields[50_706] != nil
            {
                return true
            }
            // SubIFDs.
            let children = min(directory.fields[330]?.count ?? 0, Self.limit)
            waiting += (0..<children).compactMap { value(of: 330, in: directory, at: $0) }
            waiting.append(directory.next)
        }
        return false
    }
}
