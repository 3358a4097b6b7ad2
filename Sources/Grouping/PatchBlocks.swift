import AtlasModel

/// The patches of some pictures, by rising sum of bytes. Even patches are left out.
struct SortedPatches: Sendable {
    let places: [PatchPlace]
    let sums: [Int32]
    let spreads: [Double]
    let codes: [UInt8]
    /// For each patch what its rounding can take from a product with a centre of `CentreBlock`.
    let slacks: [Int32]

    var count: Int { places.count }

    /// One of the patches.
    func level(of patch: Int) -> PatchLevel {
        PatchLevel(place: places[patch], sum: sums[patch], spread: spreads[patch])
    }

    init(_ vectors: ModelVectors, _ pictures: ArraySlice<Int>, _ encoder: CodeEncoder) throws {
        let all = pictures.flatMap { picture in
            SameGround.allShifts.map { PatchPlace(picture: picture, shift: $0) }
        }
        var sums: [Int32] = []
        var codes: [UInt8] = []
        var slacks: [Int32] = []
        var spreads: [Double] = []
        let step = SameGround.allShifts.count
        for first in stride(from: 0, to: all.count, by: step) {
            let patches = CentredRows(
                of: vectors, Array(all[first..<min(all.count, first + step)]))
            let coded = try encoder.codes(of: patches)
            sums += patches.sums
            codes += coded.bytes
            slacks += coded.slacks
            spreads += patches.spreads
        }
        let order = sums.indices.filter { spreads[$0] > 0 }.sorted {
            (sums[$0], $0) < (sums[$1], $1)
        }
        places = order.map { all[$0] }
        self.sums = order.map { sums[$0] }
        self.spreads = order.map { spreads[$0] }
        let length = CodeEncoder.length
        var sorted: [UInt8] = []
        sorted.reserveCapacity(order.count * length)
        for place in order { sorted += codes[place * length..<(place + 1) * length] }
        self.codes = sorted
        self.slacks = order.map { slacks[$0] }
    }
}

/// The central patches of some pictures.
struct CentreBlock: Sendable {
    let pictures: [Int]
    /// Sum of the bytes of each patch, rising.
    let sums: [Int32]
    /// As in `CentredRows`.
    let spreads: [Double]
    /// The patches, one `PatchBytes.length` after another.
    let bytes: [UInt8]
    let codes: CodeBlock

    /// - Parameter pictures: with central patches that are not even, by rising sum of their bytes.
    init(_ vectors: ModelVectors, _ pictures: [Int], _ encoder: CodeEncoder) throws {
        let places = pictures.map { PatchPlace(picture: $0, shift: .none) }
        let rows = CentredRows(of: vectors, places)
        self.pictures = pictures
        sums = rows.sums
        spreads = rows.spreads
        codes = CodeBlock(
            try encoder.codes(of: rows), reaching: SameGround.patchCorrelation, encoder)
        var bytes = [UInt8](repeating: 0, count: pictures.count * PatchBytes.length)
        bytes.withUnsafeMutableBufferPointer { bytes in
            vectors.bytes.withUnsafeBufferPointer { vectors in
                guard let to = bytes.baseAddress, let from = vectors.baseAddress else { return }
                for (row, place) in places.enumerated() {
                    PatchBytes.copy(place, of: from, to: to + row * PatchBytes.length)
                }
            }
        }
        self.bytes = bytes
    }
}
