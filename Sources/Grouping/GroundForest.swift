import AtlasModel

/// Pictures that are connected by the ground that they show, each with its place in its scene.
struct GroundForest: Sendable {
    private let vectors: ModelVectors
    /// For each picture its scene, and its shift against the origin of the scene.
    private var places: [(scene: Int, shift: Shift)]
    /// The pictures of each scene.
    private var members: [[Int]]

    /// Largest share of overlaps between two scenes that may contradict the pair that connects them.
    private static let contradictions = 0.1
    /// Overlaps are compared up to this shift, half of a side.
    private static let reach = ModelVectors.side / 2

    init(_ vectors: ModelVectors) {
        self.vectors = vectors
        places = (0..<vectors.count).map { ($0, .none) }
        members = (0..<vectors.count).map { [$0] }
    }

    /// Connects the scenes of a pair, unless that contradicts what they show.
    /// - Returns: whether the two are in one scene then, with the shift of the pair up to a pixel.
    mutating func connect(_ pair: GroundPair) -> Bool {
        let (a, b) = (places[pair.a], places[pair.b])
        // The shift of b's scene against a's that the pair asks for.
        let asked = a.shift + pair.shift + b.shift.reversed
        guard a.scene != b.scene else {
            return abs(asked.down) <= 1 && abs(asked.right) <= 1
        }
        guard agree(a.scene, b.scene, asked) else { return false }
        // The larger scene takes the smaller one, so that a picture moves seldom.
        if members[a.scene].count >= members[b.scene].count {
            move(b.scene, to: a.scene, asked)
        } else {
            move(a.scene, to: b.scene, asked.reversed)
        }
        return true
    }

    private mutating func move(_ scene: Int, to other: Int, _ shift: Shift) {
        for picture in members[scene] {
            places[picture] = (other, shift + places[picture].shift)
        }
        members[other] += members[scene]
        members[scene] = []
    }

    /// Whether pictures of two scenes show the same where they overlap, when one scene is shifted against
    /// the other.
    private func agree(_ scene: Int, _ other: Int, _ shift: Shift) -> Bool {
        let larger = SceneGrid(members[scene].map { ($0, places[$0].shift) })
        var (compared, contradicting) = (0, 0)
        for picture in members[other] {
            let place = shift + places[picture].shift
            larger.forEachNear(place) { near, nearPlace in
                let between = place + nearPlace.reversed
                guard abs(between.down) <= Self.reach, abs(between.right) <= Self.reach else {
                    return
                }
                compared += 1
                if Overlap(vectors, near, picture, between).isContradiction(between) {
                    contradicting += 1
                }
            }
        }
        return Double(contradicting) <= Self.contradictions * Double(compared)
    }
}

/// The pictures of a scene by their place, to find those near a place.
private struct SceneGrid {
    private struct Cell: Hashable {
        let row: Int
        let column: Int
    }

    private var cells: [Cell: [(picture: Int, shift: Shift)]] = [:]

    init(_ pictures: [(picture: Int, shift: Shift)]) {
        for picture in pictures { cells[Self.cell(picture.shift), default: []].append(picture) }
    }

    private static func cell(_ shift: Shift) -> Cell {
        func place(_ value: Int) -> Int {
            Int((Double(value) / Double(ModelVectors.side)).rounded(.down))
        }
        return Cell(row: place(shift.down), column: place(shift.right))
    }

    /// Calls `body` with every picture less than a side away, and with some others.
    func forEachNear(_ place: Shift, _ body: (_ picture: Int, _ shift: Shift) -> Void) {
        let own = Self.cell(place)
        for row in own.row - 1...own.row + 1 {
            for column in own.column - 1...own.column + 1 {
                for (picture, shift) in cells[Cell(row: row, column: column), default: []] {
                    body(picture, shift)
                }
            }
        }
    }
}
