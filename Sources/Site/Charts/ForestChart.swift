import AtlasModel
import Statistics

/// Shares of look-alikes of the same type by one likeness model, with a row, an interval and what
/// chance would give for each type.
struct ForestChart {
    struct Row {
        let name: String
        let rate: SameTypeRate
        /// Share of targets drawn at random that would have the type; `nil` if it is unknown.
        let chance: Double?
    }

    private let name: String
    private let n: Int
    private let rows: [Row]

    /// Height of a row, and of the scale below the last row.
    private static let row = 28.0
    private static let scale = 40.0

    /// - Parameters:
    ///   - name: of the likeness model.
    ///   - n: how many of the first look-alikes of a picture are counted.
    ///   - rows: the first row is for all types together and is drawn heavier.
    init(_ name: String, n: Int, rows: [Row]) {
        self.name = name
        self.n = n
        self.rows = rows
    }

    /// Describes the chart in a sentence.
    var sentence: String {
        let known = rows.dropFirst().compactMap { row in row.rate.share.map { (row.name, $0) } }
        guard let share = rows.first?.rate.share, let best = known.max(by: { $0.1 < $1.1 }),
            let worst = known.min(by: { $0.1 < $1.1 })
        else { return "\(name): no look-alikes of test pictures." }
        let of = Figures.counted(n, "look-alike", "look-alikes")
        let chance = rows[0].chance.map { ", \(Figures.share($0)) by chance" } ?? ""
        return
            "\(name): of \(of) of a test picture \(Figures.share(share)) share its type\(chance); most of "
            + "\(best.0) with \(Figures.share(best.1)), fewest of \(worst.0) with "
            + "\(Figures.share(worst.1))."
    }

    /// The chart for a width of 560 or 350 px.
    func svg(width: Double) -> String {
        let height = Double(rows.count) * Self.row + Self.scale
        var chart = Chart(width: width, height: height, sentence: sentence)
        let isNarrow = width < 500
        // Space for "Quartzite" on the left and "96.7 % (96.2–97.1)" on the right.
        let (left, right) = (isNarrow ? 78.0 : 100.0, width - 134)
        let bottom = Double(rows.count) * Self.row
        func x(_ share: Double) -> Double { left + (right - left) * share }
        for quarter in 0...4 {
            let place = x(Double(quarter) / 4)
            chart.path(
                "gr", "M\(Chart.coordinate(place)) 0V\(Chart.coordinate(bottom))")
            if !isNarrow || quarter % 2 == 0 {
                chart.text("\(25 * quarter)\u{202F}%", x: place, y: bottom + 18)
            }
        }
        chart.path(
            "ax",
            "M\(Chart.coordinate(left)) \(Chart.coordinate(bottom))H\(Chart.coordinate(right))")
        chart.text("Look-alikes of the same type", x: (left + right) / 2, y: height - 4)
        for (place, row) in rows.enumerated() {
            let y = (Double(place) + 0.5) * Self.row
            chart.text(
                row.name, x: left - 10, y: y + 4, anchor: "end", style: place == 0 ? "m" : "t")
            guard let share = row.rate.share else {
                chart.text("none", x: right + 12, y: y + 4, anchor: "start")
                continue
            }
            if let chance = row.chance {
                chart.path(
                    "ax", "M\(Chart.coordinate(x(chance))) \(Chart.coordinate(y - 8))v16")
            }
            let interval = row.rate.interval
            chart.path(
                "ln",
                "M\(Chart.coordinate(x(interval.lowerBound))) \(Chart.coordinate(y))H\(Chart.coordinate(x(interval.upperBound)))"
            )
            if place == 0 {
                chart.rectangle("sol", x: x(share) - 5.5, y: y - 5.5, width: 11, height: 11)
            } else {
                chart.circle("sol", x: x(share), y: y, radius: 4.5)
            }
            chart.text(
                "\(Figures.share(share)) (\(Figures.interval(interval)))", x: right + 12, y: y + 4,
                anchor: "start", style: place == 0 ? "m" : "t")
        }
        return chart.svg
    }
}
