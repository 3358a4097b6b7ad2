import AtlasModel
import Catalog
import Grouping
import Parallel
import Raster
import Similarity

/// How long the stages of a plan take in one process on this machine, from a short measurement: some of the
/// files are decoded and compared.
struct PlanEstimate {
    /// Of a whole stage; a stage without an estimate is missing.
    let seconds: [PlannedStage: Double]
    /// Bytes that a process needs at most.
    let memory: Int

    /// Files that are decoded and compared; 8 MB of model vectors.
    private static let sample = 3_072

    // Measured on two cores for 26,398 tiles (`make bench-cluster`). They need no other measurement, because a
    // wrong one by half changes the number of shards only.
    /// Seconds for each picture.
    private static let (classifying, clustering, mapping, paging) = (5e-5, 6e-4, 5e-4, 5e-4)
    /// Times of decoding that a stage needs, for each picture.
    private static let (checkingWork, describingWork, previewWork) = (2.0, 3.0, 3.0)
    /// Bytes of a process without pictures, and those for each picture.
    private static let (base, perPicture) = (150 << 20, 9_000)

    /// - Parameters:
    ///   - settings: which views are compared.
    ///   - now: seconds of a clock.
    /// - Throws: `KernelError`. Files that cannot be decoded are no error.
    init(
        of collection: Collection, _ settings: AtlasSettings, memory: DecodingMemory,
        workers: Workers, now: () -> Double
    ) throws {
        let files = collection.entries.count
        let some = collection.sampled(Self.sample)
        let begin = now()
        let readings = try some.readings(workers: workers, memory: memory)
        let decoding = (now() - begin) / Double(max(1, some.entries.count)) * Double(files)
        guard
            let catalogue = try? some.catalogue(
                of: readings, rockTypes: settings.classes.types,
                division: Division(shares: BuildOptions().shares))
        else {
            seconds = [.catalogue: decoding]
            self.memory = Self.base + files * Self.perPicture
            return
        }
        let pictures = catalogue.images.count
        // Every picture is compared with every other.
        let growth = Double(files * files) / Double(pictures * pictures)
        func time(_ work: () throws -> Void) rethrows -> Double {
            let begin = now()
            try work()
            return now() - begin
        }
        let comparing = try time {
            _ = try CorrelationSearch(
                catalogue.vectors, kmeans: nil, rotations: settings.rotations, workers: workers
            ).neighbours(top: settings.top, workers: workers, progress: nil)
        }
        let grouping = try time {
            let detail = [UInt8](
                repeating: 0, count: GroupingInput.detailSide * GroupingInput.detailSide * 3)
            _ = try GroupSearch(
                GroupingInput(
                    catalogue.vectors, images: catalogue.images,
                    specimens: catalogue.images.map { _ in "" }, detail: { _ in detail })
            ).compared(workers: workers)
        }
        let views = Set((LikenessTable.standard.defaultPair + settings.models).map(\.view.id)).count
        let photographs = catalogue.showsPhotographs
        let count = Double(files)
        // Large photographs are decoded in what the settings allow.
        self.memory =
            Self.base + files * Self.perPicture + (photographs ? settings.memory * 1_000_000 : 0)
        seconds = [
            .catalogue: decoding,
            .groups: grouping * growth,
            .checks: decoding * Self.checkingWork,
            .textures: photographs ? decoding * Self.describingWork : 0,
            .classify: count * Self.classifying,
            .cluster: count * Self.clustering,
            .neighbours: comparing * growth * Double(views),
            .map: count * Self.mapping,
            .pages: count * Self.paging + (photographs ? decoding * Self.previewWork : 0),
        ]
    }

    /// Number of shards for a stage.
    /// - Parameters:
    ///   - most: largest number.
    ///   - least: seconds of work that a shard is worth.
    func shards(of stage: PlannedStage, most: Int, least: Double) -> Int {
        guard stage.isDivisible else { return 1 }
        guard least > 0, let seconds = seconds[stage] else { return most }
        return max(1, min(most, Int(min(seconds / least, Double(most)))))
    }
}
