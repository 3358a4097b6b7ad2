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

    /// A number of `size` bytes, `nil` outside the file.
    private func number(at offset: Int, size: Int) -> Int? {
        guard offset >= 0, offset <= bytes.count - size else { return nil }
        let begin = bytes.startIndex + offset
        var value: UInt64 = 0
        for index in 0..<size {
            let place = isLittle ? begin + size - 1 - index : begin + index
            value = value << 8 | UInt64(bytes[place])
        }
        return Int(exactly: value)
    }

    /// A directory: the first value of each tag that has a whole number, and where they are.
    private struct Directory {
        var values: [Int: Int] = [:]
        /// Places of the directories of tag 330, SubIFDs.
        var children: [Int] = []
        var next = 0
    }

    private func directory(at offset: Int) -> Directory? {
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
            // BYTE, SHORT, LONG, IFD, LONG8, IFD8; of others the place of the value.
            // An empty field tells nothing.
            if values == 0 { continue }
            let size = [1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8][type] ?? valueSize
            guard
                let place = values <= valueSize / size
                    ? inside : number(at: inside, size: valueSize)
            else { continue }
            directory.values[tag] = number(at: place, size: size) ?? 0
            if tag == 330 {
                directory.children = (0..<min(values, Self.limit)).compactMap {
                    number(at: place + $0 * size, size: size)
                }
            }
        }
        directory.next = number(at: start + count * entrySize, size: isBig ? 8 : 4) ?? 0
        return directory
    }

    private var first: Directory? {
        number(at: isBig ? 8 : 4, size: isBig ? 8 : 4).flatMap(directory(at:))
    }

    /// The value of tag 0x0112 of the first directory.
    var orientation: Int? { first?.values[0x0112] }

    /// Whether the first directory names one (EXIF, tag 0x8825) with a latitude or a longitude.
    var hasPosition: Bool {
        guard let position = first?.values[0x8825].flatMap(directory(at:)) else { return false }
        return position.values[2] != nil || position.values[4] != nil
    }

    /// Whether this is the raw picture of a camera: some directory has samples of a colour filter array
    /// (photometric interpretation 32803), linear raw samples (34892), a compression that only cameras
    /// use, or the version of DNG; or the file has the mark of Canon's CR2.
    var isRaw: Bool {
        if bytes.dropFirst(8).starts(with: [0x43, 0x52, 0x02]) { return true }
        var waiting = [number(at: isBig ? 8 : 4, size: isBig ? 8 : 4) ?? 0]
        var seen: Set<Int> = []
        while let offset = waiting.popLast(), seen.count < Self.limit {
            guard seen.insert(offset).inserted, let directory = directory(at: offset) else {
                continue
            }
            // Nikon's, Sony's, Samsung's, Kodak's and Pentax's compressions.
            let compressions = [34_713, 32_767, 32_770, 32_867, 65_000, 65_535]
            if [32_803, 34_892].contains(directory.values[262])
                || directory.values[259].map(compressions.contains) == true
                || directory.values[50_706] != nil
            {
                return true
            }
            waiting += directory.children
            waiting.append(directory.next)
        }
        return false
    }
}
