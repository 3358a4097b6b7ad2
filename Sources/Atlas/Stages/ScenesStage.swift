import AtlasModel
import Catalog
import Foundation
import Grouping
import Messages

extension BuildContext {
    /// Puts groups of the same ground together, as the stage `scenes`; none if the settings ask for
    /// none.
    mutating func scenes(of groups: PictureGroups, in catalogue: Catalogue) throws -> [Scene] {
        guard settings.seams != nil else { return [] }
        let workers = workers
        return try run(
            Stage(.scenes) { _ in try groups.scenes(catalogue.vectors, workers: workers) }
        ) { Self.remark($0.value) }
    }

    /// `503 scenes of 5,213 pictures, residual 0.02 px, 31 pairs left out`.
    private static func remark(_ scenes: [Scene]) -> String {
        guard !scenes.isEmpty else { return "no scenes" }
        let pictures = scenes.reduce(0) { $0 + $1.tiles.count }
        let pairs = scenes.reduce(0) { $0 + $1.pairs }
        let squares = scenes.reduce(0) { $0 + $1.residual * $1.residual * Double($1.pairs) }
        let residual = (squares / Double(max(1, pairs))).squareRoot()
        let contradicting = scenes.reduce(0) { $0 + $1.contradicting }
        return "\(counted(scenes.count, "scene")) of \(counted(pictures, "picture")), residual "
            + String(format: "%.2f px", residual)
            + (contradicting > 0 ? ", \(counted(contradicting, "pair")) left out" : "")
    }
}
