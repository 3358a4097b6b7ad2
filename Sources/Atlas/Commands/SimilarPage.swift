import AtlasModel
import Raster
import Site

/// The page of `similar --html`, made from results and the pictures that they name.
struct SimilarPage {
    /// The compiled template.
    let page: LikenessPage
    /// The models whose panels are shown, in their order.
    let models: [LikenessModel]
    /// Finds the picture of a key, upright.
    let picture: (_ key: String) throws -> Picture

    /// The page as UTF-8, in the order of `results`.
    /// - Parameter candidates: for each result the candidate's picture, `nil` where there is none.
    func bytes(_ results: [SimilarResult], candidates: [Picture?]) throws -> [UInt8] {
        try page.bytes(
            zip(results, candidates).map { result, candidate in
                LikenessPage.Candidate(
                    result.candidate, image: try candidate.map(LikenessPage.Image.init),
                    error: result.error, panels: try result.panels(models).map(panel))
            })
    }

    private func panel(_ model: LikenessModel, _ targets: SimilarResult.Targets) throws
        -> LikenessPage.Panel
    {
        let facts = LikenessFacts(cluster: targets.cluster.map { $0 + 1 }, clusters: targets.k)
        return LikenessPage.Panel(
            title: model.title, choice: model.words.choice(facts),
            targets: try targets.matches.map { match in
                let turned = try picture(match.key).turned(counterClockwise: match.rotation)
                return LikenessPage.Target(
                    key: match.key, score: match.score, rotation: match.rotation,
                    image: try LikenessPage.Image(turned))
            })
    }
}
