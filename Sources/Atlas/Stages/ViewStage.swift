import AtlasModel
import Catalog
import Classification
import Fingerprint
import Foundation
import Parallel
import Similarity
import Statistics

extension BuildContext {
    /// Puts K-Means and Pairwise on the view that the settings name, or on the one that suits the
    /// collection best, in front of the models to show, unless the settings name models.
    ///
    /// Collections of model vectors are compared by their pixels, which are all there is.
    /// - Parameters:
    ///   - clusters: of pixels.
    ///   - network: the network whose features may be compared; `nil` without one.
    ///   - isPixels: whether a K-Means model of pixels was given.
    /// - Returns: how the view was chosen; `nil` if it was not.
    mutating func chooseView(
        _ loaded: LoadedCollection, clusters: KMeansModel, network: StoredClassifier?,
        isPixels: Bool
    ) throws -> ViewChoice? {
        guard settings.followsView else { return nil }
        let views = likenessModels.pairedViews.filter { !$0.needsNetwork || network != nil }
        if let named = views.first(where: { $0.id == settings.view }) {
            show(named)
            return nil
        }
        if settings.view != ViewChoice.automatic {
            narrator.warn(
                "there is no network whose features could be compared, so the view is chosen among "
                    + "\(views.map(\.id).joined(separator: " and ")).")
        }
        let catalogue = loaded.catalogue
        guard catalogue.showsPhotographs, !isPixels, views.count > 1 else {
            show(views[0])
            return nil
        }
        let passes = likenessModels.passes(for: views.map { likenessModels.pair(on: $0)[1] })
        let basis = LikenessBasis(
            clusters: clusters, network: network,
            textures: try textures(of: loaded, for: passes.flatMap(\.models)))
        let candidates = passes.map {
            (pass: $0, features: features(of: $0, catalogue, basis))
        }
        let choice = try run(.view(catalogue, among: candidates, basis, self)) { $0.value.chosen }
        if let chosen = views.first(where: { $0.id == choice.chosen }) { show(chosen) }
        return choice
    }
}

extension Stage<ViewChoice> {
    /// Raised when the same pictures and views give another choice.
    private static var revision: Int { 1 }

    /// Number of targets that are compared, as in a panel of a trial.
    private static var targets: Int { 9 }

    /// Compares views by what Pairwise finds for dev pictures of groups that the network has not seen.
    static func view(
        _ catalogue: Catalogue, among candidates: [(pass: LikenessPass, features: FeaturesOnce)],
        _ basis: LikenessBasis, _ context: BuildContext
    ) throws -> Stage {
        let queries = catalogue.unseenDev(by: basis.network?.classifier.trainingDigests ?? [])
        let views = candidates.map(\.pass.view)
        let settings = context.settings
        let key = CacheKey(
            .view, revision: revision,
            [
                .init(name: "views", value: .texts(views.map(\.id))),
                .init(name: "view revisions", value: .texts(views.map { "\($0.revision)" })),
                .init(
                    name: "pictures",
                    value: .digest(
                        catalogue.digest(
                            of: Array(catalogue.images.indices), types: context.types))),
                .init(name: "specimens", value: .texts(catalogue.specimenNames)),
                .init(name: "groups", value: .digest(catalogue.groups.digest)),
                .init(name: "asked", value: .texts(queries.map(String.init))),
                .init(name: "rotations", value: .flag(settings.rotations)),
                .init(name: "folded", value: .flag(settings.foldsGroups)),
            ] + (try views.flatMap { try basis.featureFields(for: $0) }))
        return Stage(
            .view,
            cachedIn: CacheEntry(
                file: "view.json", key: key,
                read: {
                    try JSONDecoder().decode(
                        ViewChoice.self, from: Data(contentsOf: URL(filePath: $0)))
                },
                write: { choice, path in
                    let encoder = JSONEncoder()
                    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
                    try encoder.encode(choice).write(to: URL(filePath: path))
                }),
            make: { progress in
                let tables = try candidates.map { pass, features in
                    var input = LikenessInput(catalogue, basis, context)
                    input.folding = settings.folding(catalogue.groups, by: pass.view)
                    if pass.comparesFeatures { input.compared = try features.value(progress) }
                    let found = try pass.search(input).targets(
                        of: LikenessCandidates(
                            catalogue.vectors.selecting(queries),
                            textures: basis.textures?.selecting(queries)),
                        excluding: { queries[$0] }, top: targets, workers: context.workers)
                    var matches = [[Match]](repeating: [], count: catalogue.images.count)
                    for (query, own) in zip(queries, found[0].matches) { matches[query] = own }
                    return Neighbours(model: pass.models[0], matches: matches)
                }
                return ViewChoice(
                    comparing: tables, on: queries, in: catalogue, n: targets)
            })
    }
}

extension ViewChoice {
    /// Difference of two same-type shares up to which the partners found decide.
    private static let point = 0.01
    /// The view of photographs when there is nothing to choose on.
    private static let standard = LikenessView.texture.id

    /// Chooses the view of one of several tables.
    ///
    /// Of the views whose same-type share is within one point of the best, that which finds most
    /// pictures of the same ground; of equal ones, the first.
    /// - Parameter queries: indices of dev pictures.
    fileprivate init(
        comparing tables: [Neighbours], on queries: [Int], in catalogue: Catalogue, n: Int
    ) {
        let labels = catalogue.images.map(\.label)
        let labelled = queries.filter(catalogue.isUsable)
        let partners = tables.map { $0.partners(in: catalogue.groups, n: n, of: Set(queries)) }
        let candidates = zip(tables, partners).map { table, partners in
            Candidate(
                view: table.model.view.id, compared: table.model.view.compared,
                sameType: Rate(
                    table.sameType(
                        labels: labels, groups: catalogue.groups, queries: labelled, n: n,
                        .otherGroups)), partners: Rate(partners.found))
        }
        self.init(
            candidates: candidates, chosen: Self.best(of: candidates), n: n,
            queries: labelled.count,
            chance: sameTypeChance(
                labels: labels, groups: catalogue.groups, queries: labelled, .otherGroups),
            partnerQueries: partners.first?.found.queries ?? 0,
            partnersChance: partners.first?.chance)
    }

    /// - Parameter candidates: at least one.
    static func best(of candidates: [Candidate]) -> String {
        let shares = candidates.compactMap(\.sameType?.share)
        guard !shares.isEmpty || candidates.contains(where: { $0.partners != nil }) else {
            return candidates.first { $0.view == standard }?.view ?? candidates[0].view
        }
        let bar = (shares.max() ?? 0) - point
        let good = candidates.filter { ($0.sameType?.share ?? bar) >= bar }
        let most = good.compactMap(\.partners?.share).max()
        return good.first { $0.partners?.share == most }?.view ?? good[0].view
    }
}

extension ViewChoice.Rate {
    fileprivate init?(_ rate: SameTypeRate) {
        guard let share = rate.share else { return nil }
        self.init(share: share, low: rate.interval.lowerBound, high: rate.interval.upperBound)
    }
}

extension Catalogue {
    /// Dev pictures from groups of which a classifier has seen no picture.
    fileprivate func unseenDev(by trainingDigests: [String]) -> [Int] {
        let seen = seenGroups(by: trainingDigests)
        return images.indices.filter {
            images[$0].split == .dev && !seen.contains(groups.first[$0])
        }
    }
}

extension PictureGroups {
    /// Digest of which pictures belong together, and why.
    fileprivate var digest: Fingerprint {
        Fingerprint(
            ofParts: first.map(String.init)
                + pairs.map { "\($0.a) \($0.b) \($0.kind.rawValue)" })
    }
}
