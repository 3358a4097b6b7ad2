/// A compression method of zip archives that can be unpacked.
///
/// Source of the numbers: PKWARE, "APPNOTE.TXT", 4.4.5.
package enum PackingMethod: UInt16, Sendable {
    case stored = 0
    case deflated = 8
    case bzip2 = 12
    case lzma = 14
    case xz = 95

    /// The name of a method by its number, whether it can be unpacked or not.
    ///
    ///     PackingMethod.name(of: 9)    // "Deflate64"
    ///     PackingMethod.name(of: 700)  // "method 700"
    package static func name(of number: UInt16) -> String {
        names[number] ?? "method \(number)"
    }

    private static let names: [UInt16: String] = [
        0: "no compression", 1: "Shrink", 2: "Reduce", 3: "Reduce", 4: "Reduce", 5: "Reduce",
        6: "Implode", 8: "Deflate", 9: "Deflate64", 10: "PKWARE Implode", 12: "bzip2", 14: "LZMA",
        16: "IBM CMPSC", 18: "IBM Terse", 19: "IBM LZ77", 20: "Zstandard", 93: "Zstandard",
        94: "MP3", 95: "XZ", 96: "JPEG variant", 97: "WavPack", 98: "PPMd", 99: "AES",
    ]
}

/// Why packed bytes could not be unpacked.
package enum UnpackingError: Error, Equatable, Sendable {
    /// The packed bytes end before the end of the stream.
    case cutShort
    /// They are not a stream of the method.
    case damaged
    /// Unpacking needs more memory than a picture may cost.
    case tooMuchMemory
}
