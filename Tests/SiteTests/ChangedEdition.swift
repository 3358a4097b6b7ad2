import AtlasModel
import Statistics

// Copies of an edition and of its parts with some values changed.

extension Array {
    func replacing(_ index: Int, _ element: Element) -> [Element] {
        var changed = self
        changed[index] = element
        return changed
    }
}

extension ImageRecord {
    func with(
        label: Int? = nil, path: String? = nil, width: Int? = nil, height: Int? = nil,
        byteCount: Int? = nil, format: PictureFormat? = nil, split: Split? = nil
    ) -> ImageRecord {
        ImageRecord(
            key: key, label: label ?? self.label, path: path ?? self.path,
            width: width ?? self.width, height: height ?? self.height,
            byteCount: byteCount ?? self.byteCount, format: format ?? self.format,
            split: split ?? self.split, digest: digest)
    }
}

extension Edition {
    /// The edition with other pictures. Each list that has one element for each picture gets the
    /// same length.
    func with(images: [ImageRecord], metadata: Metadata? = nil) -> Edition {
        func fitted<Element>(_ list: [Element], _ other: Element) -> [Element] {
            list.count >= images.count
                ? Array(list.prefix(images.count))
                : list + [Element](repeating: other, count: images.count - list.count)
        }
        return with(
            images: images, predictions: fitted(predictions, predictions[0]),
            neighbours: neighbours.map { table in
                Neighbours(
                    model: table.model,
                    matches: fitted(table.matches, table.matches[0]).map {
                        $0.filter { $0.target < images.count }
                    })
            }, assignments: fitted(clustering.assignments, 0), metadata: metadata)
    }

    /// The edition with another best target of the first picture by the first model.
    func with(match: Match) -> Edition {
        with(
            neighbours: [
                Neighbours(
                    model: neighbours[0].model,
                    matches: neighbours[0].matches.replacing(
                        0, [match] + neighbours[0].matches[0].dropFirst()))
            ] + neighbours.dropFirst())
    }

    /// The edition of an atlas without a network.
    var unclassified: Edition {
        Edition(
            title: title, collection: collection, rockTypes: rockTypes, plates: plates,
            images: images, errata: errata, shares: shares, corrections: [], predictions: [],
            classifier: nil, evidence: .none(types: rockTypes.count), clustering: clustering,
            neighbours: neighbours, panels: panels, likenessTimes: likenessTimes, top: top,
            rotations: rotations, review: review,
            exemplars: exemplars.map {
                Exemplars(
                    medoid: $0.medoid, typical: $0.typical, extreme: $0.extreme, doubtful: [])
            }, votes: nil, closedTrials: closedTrials, history: history, metadata: metadata,
            scenes: scenes, map: map)
    }

    func with(
        title: String? = nil, collection: String? = nil, rockTypes: [RockType]? = nil,
        plates: [Int]? = nil, images: [ImageRecord]? = nil, predictions: [Prediction]? = nil,
        neighbours: [Neighbours]? = nil, panels: [LikenessModel]? = nil, rotations: Bool? = nil,
        assignments: [Int]? = nil, metadata: Metadata? = nil, groups: PictureGroups? = nil,
        contradictions: [[Int]]? = nil, classifier: ClassifierSummary? = nil,
        scenes: [Scene]? = nil, folded: [Neighbours]? = nil,
        verdicts: [DuplicateVerdict]? = nil, viewChoice: ViewChoice? = nil,
        map: PictureMap? = nil
    ) -> Edition {
        Edition(
            title: title ?? self.title, collection: collection ?? self.collection,
            rockTypes: rockTypes ?? self.rockTypes, plates: plates ?? self.plates,
            images: images ?? self.images, errata: errata, shares: shares,
            corrections: corrections, predictions: predictions ?? self.predictions,
            classifier: classifier ?? self.classifier, evidence: evidence,
            clustering: Clustering(
                k: clustering.k, assignments: assignments ?? clustering.assignments,
                sizes: clustering.sizes, inertia: clustering.inertia,
                suggested: clustering.suggested, means: clustering.means),
            neighbours: neighbours ?? self.neighbours, panels: panels ?? self.panels,
            likenessTimes: likenessTimes, top: top, rotations: rotations ?? self.rotations,
            review: review, exemplars: [], votes: nil, closedTrials: closedTrials, history: history,
            metadata: metadata ?? self.metadata,
            groups: groups ?? (images == nil ? self.groups : nil),
            contradictions: contradictions ?? self.contradictions, splitRule: splitRule,
            isSealed: isSealed,
            scenes: scenes ?? self.scenes, folded: folded ?? self.folded,
            verdicts: verdicts ?? self.verdicts, viewChoice: viewChoice ?? self.viewChoice,
            map: map ?? self.map)
    }

    /// Pictures 1 to 3, and 4 and 5, belong together, and panels leave them out. 1 and 2 show the same
    /// ground, 2 and 3 are copies.
    var withFoldedGroups: Edition {
        let groups = PictureGroups(
            pairs: [
                PicturePair(a: 1, b: 2, kind: .ground, down: 3, right: -5, correlation: 0.99),
                PicturePair(a: 2, b: 3, kind: .copy, correlation: 1),
                PicturePair(a: 4, b: 5, kind: .ground, down: -4, right: 0, correlation: 0.99),
            ], first: [0, 1, 1, 1, 4, 4, 6, 7, 8])
        return with(
            groups: groups,
            folded: neighbours.map { table in
                Neighbours(
                    model: table.model,
                    matches: table.matches.enumerated().map { own, matches in
                        matches.filter { groups.first[$0.target] != groups.first[own] }
                    })
            })
    }
}

extension ClassifierSummary {
    /// The summary with other test pictures left out, and another claim of a random split.
    func with(seenInTest: Int? = nil, randomClaim: RandomClaim? = nil) -> ClassifierSummary {
        ClassifierSummary(
            name: name, kind: kind, parameters: parameters, isFromFile: isFromFile, folds: folds,
            judged: judged, test: test, seenInTest: seenInTest ?? self.seenInTest,
            calibration: calibration, card: card, compared: compared, seconds: seconds,
            randomClaim: randomClaim ?? self.randomClaim, choice: choice)
    }
}
