import AtlasModel

/// The targets of one picture by the two models side by side, what they have in common, and those of
/// a third that stands below them.
struct PanelPair {
    struct List {
        let model: LikenessModel
        let matches: [Match]
    }

    let lists: [List]
    /// Folded; `nil` when two models are shown.
    let third: List?
    /// Targets that stand in both panels.
    let common: Set<Int>

    init(_ edition: Edition, of index: Int) {
        let shown = edition.shown.map { List(model: $0.model, matches: $0.matches[index]) }
        lists = Array(shown.prefix(2))
        third = shown.dropFirst(2).first
        let sets = lists.map { Set($0.matches.map(\.target)) }
        common =
            sets.count < 2 ? [] : sets.dropFirst().reduce(sets[0]) { $0.intersection($1) }
    }

    var all: [List] { lists + [third].compactMap { $0 } }

    /// `4 of 12 look-alikes stand in both panels. They are framed.`
    var sentence: String {
        let most = lists.map(\.matches.count).max() ?? 0
        switch common.count {
        case 0: return "No look-alike stands in both panels."
        case 1: return "1 of \(most) look-alikes stands in both panels. It is framed."
        default:
            let count = common.count == most ? "All \(most)" : "\(common.count) of \(most)"
            return "\(count) look-alikes stand in both panels. They are framed."
        }
    }
}

/// One tick for each target of a panel, on a scale that all panels share: a whole ten at or below
/// the lowest score, to 100.
struct ScoreRug {
    private let lowest: Int
    private let scores: [Double]
    private let common: [Double]
    private let others: [Double]

    /// `nil` without targets.
    init?(_ matches: [Match], in pair: PanelPair) {
        guard let least = pair.all.flatMap(\.matches).map(\.score).min(), !matches.isEmpty else {
            return nil
        }
        lowest = min(90, max(0, Int(least / 10) * 10))
        scores = matches.map(\.score)
        common = matches.filter { pair.common.contains($0.target) }.map(\.score)
        others = matches.filter { !pair.common.contains($0.target) }.map(\.score)
    }

    var value: Value {
        let low = Figures.digits(percent: scores.min() ?? 0)
        let high = Figures.digits(percent: scores.max() ?? 0)
        return [
            "label": .text(
                "Scores from \(low) to \(high) percent, on a scale from \(lowest) to 100"),
            "common": .text(ticks(common, from: 4)), "others": .text(ticks(others, from: 9)),
            "low": .text("\(lowest)"), "middle": .text("\((lowest + 100) / 2)"),
        ]
    }

    /// Strokes of an SVG path on an axis from 4 to 204.
    private func ticks(_ scores: [Double], from top: Int) -> String {
        scores.map { score in
            let x = 4 + 200 * (score - Double(lowest)) / Double(100 - lowest)
            return "M\(Chart.coordinate(max(4, x))) \(top)V20"
        }.joined()
    }
}
