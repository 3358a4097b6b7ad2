import AtlasModel
import Parallel
import Similarity
import Testing

extension TargetSearch {
    /// The targets of every picture in the whole collection.
    func matches(top: Int, workers: Workers) throws -> [[Match]] {
        try #require(
            try neighbours(top: top, workers: workers, progress: nil)[.collection])
    }
}
