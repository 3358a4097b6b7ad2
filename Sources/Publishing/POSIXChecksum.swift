/// The checksum of the command `cksum` (POSIX.1-2017, "cksum"): CRC-32 with the polynomial 04C11DB7,
/// most significant bit first, over the bytes and then their number, least significant byte first.
enum POSIXChecksum {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index) << 24) { value, _ in
            value & 0x8000_0000 == 0 ? value << 1 : value << 1 ^ 0x04C1_1DB7
        }
    }

    /// The checksum of bytes: 4294967295 for none, as `cksum </dev/null` prints.
    static func of(_ bytes: [UInt8]) -> UInt32 {
        var value: UInt32 = 0
        func add(_ byte: UInt8) {
            value = value << 8 ^ table[Int(UInt8(truncatingIfNeeded: value >> 24) ^ byte)]
        }
        for byte in bytes { add(byte) }
        var length = bytes.count
        while length > 0 {
            add(UInt8(truncatingIfNeeded: length))
            length >>= 8
        }
        return ~value
    }
}
