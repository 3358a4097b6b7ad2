package import AtlasModel

/// Which pictures of a collection are copies and show the same ground, as far as this depends on two
/// pictures alone. A later search can take from it what it says of pictures that are still there.
package struct ComparedPictures: Sendable, Equatable {
    /// Identities of the pictures that were compared, in key order. Of equal pictures only the first is
    /// compared, since what holds for it holds for all.
    package let pictures: [String]
    /// Pairs of copies. `a` and `b` are indices into `pictures`.
    package let copies: [PicturePair]
    /// Pairs of the same ground, without those of featureless ground.
    package let ground: [PicturePair]

    package init(pictures: [String], copies: [PicturePair], ground: [PicturePair]) {
        self.pictures = pictures
        self.copies = copies
        self.ground = ground
    }

    /// What is known of other pictures in key order.
    func known(of pictures: [String]) -> KnownPairs {
        let places = Dictionary(
            zip(self.pictures, self.pictures.indices), uniquingKeysWith: { first, _ in first })
        var isFresh = [Bool](repeating: true, count: pictures.count)
        var now = [Int?](repeating: nil, count: self.pictures.count)
        var last = -1
        for (place, picture) in pictures.enumerated() {
            // A picture that has changed its place among the others is compared anew, so that a pair keeps
            // its order.
            guard !picture.isEmpty, let earlier = places[picture], earlier > last else { continue }
            last = earlier
            now[earlier] = place
            isFresh[place] = false
        }
        func kept(_ pairs: [PicturePair]) -> [PicturePair] {
            pairs.compactMap { pair in
                guard let a = now[pair.a], let b = now[pair.b] else { return nil }
                return pair.between(a, b)
            }
        }
        return KnownPairs(isFresh: isFresh, copies: kept(copies), ground: kept(ground))
    }
}

/// What an earlier search knows of some pictures.
struct KnownPairs {
    /// For each picture whether it has to be compared.
    let isFresh: [Bool]
    /// Indices of the pictures, not of those of the earlier search.
    let copies: [PicturePair]
    let ground: [PicturePair]

    /// Of pictures that were never compared.
    static func none(count: Int) -> KnownPairs {
        KnownPairs(isFresh: [Bool](repeating: true, count: count), copies: [], ground: [])
    }
}

extension PicturePair {
    /// The same pair of pictures with other indices, in the same order.
    func between(_ a: Int, _ b: Int) -> PicturePair {
        PicturePair(
            a: a, b: b, kind: kind, down: down, right: right, turn: turn, correlation: correlation)
    }
}
