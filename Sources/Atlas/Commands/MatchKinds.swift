import AtlasModel
import Catalog
import Grouping
import Parallel
import Raster

/// A picture whose targets are compared with it once more, to say why they belong together.
struct ComparedPicture {
    let vector: ModelVectors
    let image: ImageRecord
    /// Its index in the collection; `nil` for a picture of no collection.
    var index: Int?
    /// Gives the picture with the details that `GroupingInput` compares.
    let detail: @Sendable () throws -> [UInt8]
}

extension LoadedCollection {
    /// A picture of the collection.
    func compared(_ index: Int, memory: DecodingMemory) -> ComparedPicture {
        let detail = detail(memory: memory)
        return ComparedPicture(
            vector: catalogue.vectors.selecting([index]), image: images[index], index: index,
            detail: { try detail(index) })
    }

    /// Why targets belong together with a candidate, by target. Only the candidate and its targets are
    /// compared, so this is fast in any collection.
    /// - Parameter targets: indices of pictures, without the candidate.
    /// - Throws: `KernelError`, or the error of reading a picture.
    func kinds(
        of targets: [Int], with candidate: ComparedPicture, memory: DecodingMemory, workers: Workers
    ) throws -> [Int: PairKind] {
        let vectors = catalogue.vectors.selecting(targets).bytes
        let detail = detail(memory: memory)
        let input = GroupingInput(
            ModelVectors(bytes: candidate.vector.bytes + vectors),
            images: [candidate.image] + targets.map { images[$0] },
            specimens: [String](repeating: "", count: targets.count + 1),
            verdicts: verdicts(on: candidate.index, and: targets),
            detail: { $0 == 0 ? try candidate.detail() : try detail(targets[$0 - 1]) })
        let relations = PictureRelations(try GroupSearch(input).groups(workers: workers))
        return Dictionary(
            uniqueKeysWithValues: targets.enumerated().compactMap { place, target in
                relations.kind(0, place + 1).map { (target, $0) }
            })
    }
}

extension LoadedCollection {
    /// Verdicts on a picture and others, in the numbers that `kinds` gives them.
    private func verdicts(on candidate: Int?, and targets: [Int]) -> [DuplicateVerdict] {
        guard let candidate else { return [] }
        let known = Dictionary(
            verdicts.map { ($0.pictures, $0) }, uniquingKeysWith: { first, _ in first })
        return targets.enumerated().compactMap { place, target in
            known[PicturePair.pictures(candidate, target)].map {
                DuplicateVerdict(0, place + 1, isDuplicate: $0.isDuplicate)
            }
        }
    }
}

extension PictureFile {
    /// The file as a picture of no collection.
    func compared(memory: DecodingMemory) throws -> ComparedPicture {
        let size = try Picture.size(of: bytes)
        let image = ImageRecord(
            key: "", label: nil, path: "", width: size.width, height: size.height,
            byteCount: bytes.count, format: PictureFormat(of: bytes) ?? .png, split: .test,
            digest: vector.symmetricDigests[0])
        let request = GroupingInput.request(memory: memory)
        let file = bytes
        return ComparedPicture(
            vector: vector, image: image,
            detail: { try Picture.decode(file, request).picture.pixels })
    }
}

extension GroupingInput {
    /// What is decoded of a picture to compare its details.
    static func request(memory: DecodingMemory) -> PictureRequest {
        PictureRequest(margin: 2, memory: memory.pixels) { _, _ in (detailSide, detailSide) }
    }
}
