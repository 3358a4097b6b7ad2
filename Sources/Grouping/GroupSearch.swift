package import AtlasModel
import Kernels
package import Parallel

/// Finds the pictures of a collection that belong together.
package struct GroupSearch: Sendable {
    private let input: GroupingInput
    private var vectors: ModelVectors { input.vectors }

    package init(_ input: GroupingInput) { self.input = input }

    /// The groups, all pictures compared.
    /// - Parameter progress: in pictures.
    /// - Throws: `KernelError`, or the error of reading a picture.
    package func groups(workers: Workers, progress: ProgressReport? = nil) throws -> PictureGroups {
        try groups(of: compared(workers: workers, progress: progress), workers: workers)
    }

    /// Compares the pictures: each with all others if one of the two is new.
    /// - Parameters:
    ///   - share: of the comparisons. What one finds has pairs of the same ground that are not evident,
    ///     because another share may know a better shift of the two pictures; `joined` leaves them out.
    ///   - earlier: of an earlier collection. The result is the same as without it.
    ///   - progress: in pictures.
    /// - Throws: `KernelError`, or the error of reading a picture.
    package func compared(
        _ share: Share = .whole, updating earlier: ComparedPictures? = nil, workers: Workers,
        progress: ProgressReport? = nil
    ) throws -> ComparedPictures {
        let pictures = different
        let identities = pictures.map { input.identities[$0] }
        let known = earlier?.known(of: identities) ?? .none(count: pictures.count)
        let fresh = zip(pictures, known.isFresh).filter(\.1).map(\.0)
        var places = [Int](repeating: -1, count: vectors.count)
        for (place, picture) in pictures.enumerated() { places[picture] = place }
        // Both begin with what one thread does.
        let (copies, found) = try workers.both {
            KernelThreads.use(1)
            return try copyPairs(of: pictures, fresh: Set(fresh), share, workers: workers)
        } _: {
            KernelThreads.use(1)
            return try GroundSearch.pairs(
                of: fresh, among: pictures, in: vectors, share, workers: workers,
                progress: progress)
        }
        let ground = share == .whole ? try evident(found, workers: workers) : found
        func all(_ known: [PicturePair], _ new: [PicturePair]) -> [PicturePair] {
            (known + new.map { $0.between(places[$0.a], places[$0.b]) })
                .sorted { ($0.a, $0.b) < ($1.a, $1.b) }
        }
        return ComparedPictures(
            pictures: identities, copies: all(known.copies, copies),
            ground: all(known.ground, ground.map(\.pair)))
    }

    /// Puts what all shares have found together.
    /// - Parameter part: gives each in turn.
    package func joined(
        _ count: Int, _ part: (_ index: Int) throws -> ComparedPictures, workers: Workers
    ) throws -> ComparedPictures {
        let pictures = different
        var (copies, ground): ([PicturePair], [GroundPair]) = ([], [])
        for index in 0..<count {
            let compared = try part(index)
            copies += compared.copies
            ground += compared.ground.map {
                GroundPair($0.between(pictures[$0.a], pictures[$0.b]), in: vectors)
            }
        }
        var places = [Int](repeating: -1, count: vectors.count)
        for (place, picture) in pictures.enumerated() { places[picture] = place }
        return ComparedPictures(
            pictures: pictures.map { input.identities[$0] },
            copies: copies.sorted { ($0.a, $0.b) < ($1.a, $1.b) },
            ground: try evident(GroundPair.best(of: ground), workers: workers).map {
                $0.pair.between(places[$0.a], places[$0.b])
            })
    }

    /// The pairs of which it is sure enough that they show the same ground.
    private func evident(_ pairs: [GroundPair], workers: Workers) throws -> [GroundPair] {
        let isEvident = try workers.map(pairs.count) { pairs[$0].isEvident(in: vectors) }
        return zip(pairs, isEvident).filter(\.1).map(\.0)
    }

    /// The groups. Of several reasons why two pictures belong together, the pair has the strongest: equal
    /// pictures, then copies, then the same ground, then one specimen. All but the first of equal
    /// pictures, and of the pictures of a specimen, are paired with the first of them.
    ///
    /// A pair of the same ground connects only if its shift is sure, and if the scenes that it connects
    /// agree (`GroundForest`). Another one is among the pairs of the result too, but its pictures may be
    /// in different groups.
    ///
    /// A verdict comes before all that: a pair that is no duplicate does not connect, and duplicates do,
    /// as copies if they are no other pair.
    /// - Parameter compared: of these pictures.
    package func groups(of compared: ComparedPictures, workers: Workers) throws -> PictureGroups {
        let pictures = different
        precondition(pictures.count == compared.pictures.count, "the pictures that were compared")
        func paired(_ pairs: [PicturePair]) -> [PicturePair] {
            pairs.map { $0.between(pictures[$0.a], pictures[$0.b]) }
        }
        let connecting = identicalPairs + paired(compared.copies)
        let ground = paired(compared.ground)
        var forest = PictureForest(count: vectors.count)
        let denied = Set(input.verdicts.filter { !$0.isDuplicate }.map(\.pictures))
        @Sendable func holds(_ pair: PicturePair) -> Bool { !denied.contains(pair.pictures) }
        let confirmed = confirmedPairs
        for pair in connecting.filter(holds) + confirmed + specimenPairs {
            forest.connect(pair.a, pair.b)
        }
        var scenes = GroundForest(vectors)
        let located = try workers.map(ground.count) { place in
            let pair = GroundPair(ground[place], in: vectors)
            return holds(ground[place]) && pair.evidence(in: vectors) == .located ? pair : nil
        }.compactMap(\.self)
        for pair in located.sorted(by: { $0.strength > $1.strength }) where scenes.connect(pair) {
            forest.connect(pair.a, pair.b)
        }
        let found = connecting + ground
        return PictureGroups(
            pairs: Self.each(found.filter(holds) + confirmed + specimenPairs),
            denied: Self.each(found.filter { !holds($0) }), first: forest.firsts)
    }

    /// Each two pictures once, with the first of their pairs, in order.
    private static func each(_ pairs: [PicturePair]) -> [PicturePair] {
        var known: Set<SIMD2<Int32>> = []
        return pairs.filter { known.insert($0.pictures).inserted }
            .sorted { ($0.a, $0.b) < ($1.a, $1.b) }
    }

    /// Duplicates by a verdict, in the turn in which they correlate most.
    private var confirmedPairs: [PicturePair] {
        input.verdicts.filter(\.isDuplicate).map { verdict in
            let best = CopySearch.best(verdict.a, verdict.b, in: vectors)
            return PicturePair(
                a: verdict.a, b: verdict.b, kind: .copy, turn: best.turn,
                correlation: best.correlation)
        }
    }

    /// All pictures but those that are equal to an earlier one.
    private var different: [Int] {
        var known: Set<String> = []
        return input.images.indices.filter { known.insert(input.images[$0].digest).inserted }
    }

    /// Pairs of copies of which one at least is fresh: of large pictures with large ones, and of small
    /// ones with small ones.
    private func copyPairs(
        of pictures: [Int], fresh: Set<Int>, _ share: Share, workers: Workers
    ) throws -> [PicturePair] {
        let large = try alike(
            pictures.filter(input.isLarge), fresh, .large, share, workers: workers)
        let wanted = Set(large.flatMap { [$0.a, $0.b] }).sorted()
        let details = Dictionary(
            uniqueKeysWithValues: zip(
                wanted,
                try workers.map(wanted.count) {
                    let pixels = try input.detail(wanted[$0])
                    return Detail.isSmooth(pixels) ? nil : Detail(pixels, isLarge: true)
                })
        ).compactMapValues(\.self)
        let copies = large.filter { pair in
            guard let a = details[pair.a], let b = details[pair.b] else { return false }
            return a.correlation(with: b, turnedBy: pair.turn) >= CopyRule.large.detail
        }
        let small = try alike(
            pictures.filter { !input.isLarge($0) }, fresh, .small, share, workers: workers
        ).filter { pair in
            let a = Detail(vectors[pair.a], isLarge: false)
            let b = Detail(vectors[pair.b], isLarge: false)
            return a.correlation(with: b, turnedBy: pair.turn) >= CopyRule.small.detail
                && !isShifted(pair) && !isFeatureless(pair.a)
        }
        return copies + small
    }

    /// Whether two small pictures are more alike when one of them is shifted by a pixel: then they show
    /// the same ground, and none is a copy of the other.
    private func isShifted(_ pair: PicturePair) -> Bool {
        let a = Array(vectors[pair.a])
        let b = vectors.transformed(pair.b, by: pair.turn)
        return SameGround.smallShifts.contains { shift in
            Overlap(a, b, shift).correlation > pair.correlation
        }
    }

    /// Whether a small picture is as good as equal to itself shifted in any direction: smooth pictures of
    /// different things are alike in all that this program looks at. `Detail.isSmooth` for large ones.
    private func isFeatureless(_ picture: Int) -> Bool {
        GroundPair(a: picture, b: picture, shift: .none, correlation: 1, contrast: 0)
            .evidence(in: vectors) == .featureless
    }

    /// Pairs of some pictures whose model vectors are alike, and which have one shape. One of the two at
    /// least is fresh.
    private func alike(
        _ pictures: [Int], _ fresh: Set<Int>, _ rule: CopyRule, _ share: Share,
        workers: Workers
    ) throws -> [PicturePair] {
        let known = pictures.filter { !fresh.contains($0) }
        guard known.count < pictures.count else { return [] }
        let order = known + pictures.filter(fresh.contains)
        return try CopySearch(
            order, of: vectors, reaching: rule.correlation, workers: workers
        ).pairs(from: known.count, share, workers: workers).map { pair in
            let (a, b) = (
                min(order[pair.a], order[pair.b]), max(order[pair.a], order[pair.b])
            )
            let best = CopySearch.best(a, b, in: vectors)
            return PicturePair(
                a: a, b: b, kind: .copy, turn: best.turn, correlation: best.correlation)
        }.filter { input.haveOneShape($0.a, $0.b, turn: $0.turn) }
    }

    /// Each picture that is equal to an earlier one, with the first of those.
    private var identicalPairs: [PicturePair] {
        pairs(by: input.images.map(\.digest)) { first, index in
            let own = Array(vectors[first])
            let turn = (0..<ModelVectors.symmetries).first {
                vectors.transformed(index, by: $0) == own
            }
            return PicturePair(
                a: first, b: index, kind: .identical, turn: turn ?? 0, correlation: 1)
        }
    }

    private var specimenPairs: [PicturePair] {
        pairs(by: input.specimens) { PicturePair(a: $0, b: $1, kind: .specimen, correlation: .nan) }
    }

    private func pairs(by names: [String], _ pair: (_ first: Int, _ index: Int) -> PicturePair)
        -> [PicturePair]
    {
        var known: [String: Int] = [:]
        return names.enumerated().compactMap { index, name in
            guard !name.isEmpty else { return nil }
            guard let first = known[name] else {
                known[name] = index
                return nil
            }
            return pair(first, index)
        }
    }
}
