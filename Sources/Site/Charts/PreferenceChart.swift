import AtlasModel
import Statistics

/// Shares of decided votes for one of two models, with an interval for each row and a line at one half.
struct PreferenceChart {
    /// The model of the shares, then the other one.
    let models: [LikenessModel]
    let rows: [Row]

    struct Row {
        let name: String
        let share: Proportion
        let interval: ClosedRange<Double>
        /// Whether it is for all votes and drawn heavier.
        let isTotal: Bool
        let conclusion: Conclusion
    }

    /// What may be concluded from a row. A model that was preferred has a filled mark.
    enum Conclusion: Equatable {
        case preferred(LikenessModel)
        case equal
        case open

        /// The word of the table.
        var words: String {
            switch self {
            case .preferred(let model): model.title
            case .equal: "Equally good"
            case .open: "Open"
            }
        }
    }

    private static let row = 30.0
    private static let top = 26.0
    private static let scale = 26.0

    /// Describes the chart in a sentence.
    var sentence: String {
        guard let total = rows.first, let share = total.share.share else {
            return "No decided votes."
        }
        return
            "Share of decided comparisons won by \(models[0].title), with 95 percent intervals: "
            + "\(Figures.share(share)), interval \(Figures.interval(total.interval))."
    }

    /// The chart for a width of 760 or 350 px.
    func svg(width: Double) -> String {
        let height = Self.top + Double(rows.count) * Self.row + Self.scale
        var chart = Chart(width: width, height: height, sentence: sentence)
        let isNarrow = width < 500
        let (left, right) = (isNarrow ? 84.0 : 150.0, width - (isNarrow ? 100.0 : 150.0))
        let bottom = height - Self.scale
        func x(_ share: Double) -> Double { left + (right - left) * share }
        for quarter in 0...4 {
            let place = Chart.coordinate(x(Double(quarter) / 4))
            chart.path(
                quarter == 2 ? "ax" : "gr",
                "M\(place) \(Chart.coordinate(Self.top))V\(Chart.coordinate(bottom))")
            if !isNarrow || quarter % 2 == 0 {
                chart.text(
                    "\(25 * quarter)\u{202F}%", x: x(Double(quarter) / 4), y: bottom + 18)
            }
        }
        chart.text(models[1].title, x: x(0.5) - 12, y: 14, anchor: "end", style: "t")
        chart.text(
            isNarrow ? models[0].title : "\(models[0].title) preferred", x: x(0.5) + 12, y: 14,
            anchor: "start", style: "t")
        for (place, row) in rows.enumerated() {
            let y = Self.top + (Double(place) + 0.5) * Self.row
            let style = row.isTotal ? "m" : "t"
            chart.text(row.name, x: left - 10, y: y + 4, anchor: "end", style: style)
            guard let share = row.share.share else {
                chart.text("none", x: right + 8, y: y + 4, anchor: "start", style: style)
                continue
            }
            let ends = (row.interval.lowerBound, row.interval.upperBound)
            chart.path(
                "ln",
                "M\(Chart.coordinate(x(ends.0))) \(Chart.coordinate(y))H\(Chart.coordinate(x(ends.1)))"
            )
            let mark = if case .preferred = row.conclusion { "sol" } else { "dot" }
            if row.isTotal {
                chart.rectangle(mark, x: x(share) - 6, y: y - 6, width: 12, height: 12)
            } else {
                chart.circle(mark, x: x(share), y: y, radius: 5)
            }
            chart.text(
                Self.words(share, row.interval), x: right + 8, y: y + 4, anchor: "start",
                style: style)
        }
        return chart.svg
    }

    /// `61 % (56–66)`.
    private static func words(_ share: Double, _ interval: ClosedRange<Double>) -> String {
        func whole(_ value: Double) -> String { Figures.decimal(100 * value, places: 0) }
        return
            "\(whole(share))\u{202F}% (\(whole(interval.lowerBound))–\(whole(interval.upperBound)))"
    }
}
