import AtlasModel
import Catalog
import Grouping
import Parallel

extension Catalogue {
    /// Why targets belong together with a candidate, by target. Only the candidate and its targets are
    /// compared, so this is fast in any collection.
    /// - Parameters:
    ///   - candidate: its model vector.
    ///   - targets: indices of pictures, without the candidate.
    /// - Throws: `KernelError`.
    func kinds(of targets: [Int], with candidate: ModelVectors, workers: Workers) throws
        -> [Int: PairKind]
    {
        let compared = ModelVectors(bytes: candidate.bytes + vectors.selecting(targets).bytes)
        let groups = try GroupSearch(
            compared, digests: candidate.symmetricDigests + targets.map { images[$0].digest },
            specimens: [String](repeating: "", count: compared.count)
        ).groups(workers: workers)
        let relations = PictureRelations(groups)
        return Dictionary(
            uniqueKeysWithValues: targets.enumerated().compactMap { place, target in
                relations.kind(0, place + 1).map { (target, $0) }
            })
    }
}
