internal import CTIFF

/// Reads the samples of a TIFF row by row, from strips or tiles, with the samples of a pixel together
/// or in planes.
///
/// Strips with the samples together are unpacked row by row; of others a strip or a row of tiles is in
/// memory.
struct TIFFRows {
    private let file: OpaquePointer
    private let width: Int
    private let bits: Int
    private let samples: Int
    private let isPlanar: Bool
    private let isTiled: Bool
    /// Of a tile, or of a strip, where it is as wide as the picture.
    private let blockWidth: Int
    private let blockHeight: Int
    /// Bytes of a block and of its rows.
    private let blockSize: Int
    private let rowSize: Int
    /// The blocks of the rows from `first`, plane by plane, from left to right.
    private var blocks: [UInt8] = []
    private var first = -1
    private var rowCount = 0
    /// The samples of the row that was read: `(width, samples)`.
    private(set) var values: [UInt16] = []

    /// - Throws: `RasterError.damaged`.
    init(_ file: OpaquePointer, _ tags: geoatlas_tiff_header) throws(RasterError) {
        self.file = file
        width = Int(tags.width)
        bits = Int(tags.bits)
        samples = Int(tags.samples)
        isPlanar = Int32(tags.planar) == PLANARCONFIG_SEPARATE && tags.samples > 1
        isTiled = tags.is_tiled != 0
        if isTiled {
            (blockWidth, blockHeight) = (Int(tags.tile_width), Int(tags.tile_height))
            (blockSize, rowSize) = (Int(TIFFTileSize(file)), Int(TIFFTileRowSize(file)))
        } else if isPlanar {
            (blockSize, rowSize) = (Int(TIFFStripSize(file)), Int(TIFFScanlineSize(file)))
            (blockWidth, blockHeight) = (width, rowSize > 0 ? blockSize / rowSize : 0)
        } else {
            rowSize = Int(TIFFScanlineSize(file))
            (blockWidth, blockHeight, blockSize) = (width, 1, rowSize)
        }
        let needed = (blockWidth * bits * (isPlanar ? 1 : samples) + 7) / 8
        guard blockWidth > 0, blockHeight > 0, blockSize > 0, rowSize >= needed,
            blockSize >= rowSize * blockHeight
        else { throw .damaged(detail: "its strips or tiles have no size") }
    }

    private var across: Int { (width + blockWidth - 1) / blockWidth }
    private var planes: Int { isPlanar ? samples : 1 }

    /// Bytes that reading needs.
    var memory: Int { blockSize * across * planes + width * samples * 2 }

    /// Takes the memory. Call it before the first row is read.
    mutating func allocate() {
        blocks = [UInt8](repeating: 0, count: blockSize * across * planes)
        values = [UInt16](repeating: 0, count: width * samples)
    }

    /// Reads row `y` into `values`. Rows must be read in order, but one may begin again at 0.
    /// - Returns: whether that was possible.
    mutating func read(_ y: Int) -> Bool {
        if first < 0 || y < first || y >= first + rowCount {
            guard load(y) else { return false }
        }
        for plane in 0..<planes {
            for block in 0..<across {
                unpack(
                    at: (plane * across + block) * blockSize + (y - first) * rowSize,
                    column: block * blockWidth, plane: plane)
            }
        }
        return true
    }

    /// Reads the blocks with row `y`.
    private mutating func load(_ y: Int) -> Bool {
        first = y / blockHeight * blockHeight
        rowCount = blockHeight
        let (file, blockSize, blockWidth) = (file, blockSize, blockWidth)
        let (first, across, planes, isTiled, isPlanar) = (first, across, planes, isTiled, isPlanar)
        let isRead = blocks.withUnsafeMutableBytes { bytes -> Bool in
            for plane in 0..<planes {
                for block in 0..<across {
                    let place = bytes.baseAddress.map {
                        $0 + (plane * across + block) * blockSize
                    }
                    let sample = UInt16(plane)
                    let status: Int
                    if isTiled {
                        let tile = TIFFComputeTile(
                            file, UInt32(block * blockWidth), UInt32(first), 0, sample)
                        status = Int(TIFFReadEncodedTile(file, tile, place, tmsize_t(blockSize)))
                    } else if isPlanar {
                        let strip = TIFFComputeStrip(file, UInt32(first), sample)
                        status = Int(TIFFReadEncodedStrip(file, strip, place, tmsize_t(blockSize)))
                    } else {
                        status = Int(TIFFReadScanline(file, place, UInt32(first), 0))
                    }
                    if status < 0 { return false }
                }
            }
            return true
        }
        if !isRead { rowCount = 0 }
        return isRead
    }

    /// Unpacks samples of a block's row: bits from the highest, numbers of 16 bits in the machine's
    /// order.
    private mutating func unpack(at offset: Int, column: Int, plane: Int) {
        let pixels = min(blockWidth, width - column)
        let count = isPlanar ? pixels : pixels * samples
        let step = isPlanar ? samples : 1
        let begin = column * samples + plane
        let bits = bits
        blocks.withUnsafeBufferPointer { blocks in
            values.withUnsafeMutableBufferPointer { values in
                switch bits {
                case 8:
                    for index in 0..<count {
                        values[begin + index * step] = UInt16(blocks[offset + index])
                    }
                case 16:
                    let bytes = UnsafeRawBufferPointer(blocks)
                    for index in 0..<count {
                        values[begin + index * step] = bytes.loadUnaligned(
                            fromByteOffset: offset + index * 2, as: UInt16.self)
                    }
                default:
                    for index in 0..<count {
                        var value: UInt16 = 0
                        for bit in index * bits..<(index + 1) * bits {
                            let byte = blocks[offset + bit / 8]
                            value = value << 1 | UInt16(byte >> (7 - bit % 8) & 1)
                        }
                        values[begin + index * step] = value
                    }
                }
            }
        }
    }
}
