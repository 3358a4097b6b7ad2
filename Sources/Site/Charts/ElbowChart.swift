import AtlasModel

/// The elbow curve: inertia by number of clusters. The number in use is marked.
struct ElbowChart {
    private let points: [ElbowPoint]
    private let k: Int
    private let unit: Unit

    /// Inertias are written in the largest unit that gives at least one digit before the decimal
    /// point.
    private struct Unit {
        let value: Double
        let name: String

        static func fitting(_ largest: Double) -> Unit {
            if largest >= 1_000_000 { return Unit(value: 1_000_000, name: "millions") }
            if largest >= 1_000 { return Unit(value: 1_000, name: "thousands") }
            return Unit(value: 1, name: "")
        }
    }

    /// `nil` when there are fewer than two points.
    init?(_ clustering: Clustering) {
        guard clustering.inertia.count > 1,
            let largest = clustering.inertia.map(\.inertia).max(), largest > 0
        else { return nil }
        points = clustering.inertia
        k = clustering.k
        unit = .fitting(largest)
    }

    /// Describes the chart in a sentence.
    var sentence: String {
        let first = points[0]
        let last = points[points.count - 1]
        var text =
            "Elbow chart: inertia falls from \(amount(first.inertia)) with \(clusters(first.k))"
        if let chosen = points.first(where: { $0.k == k }), chosen.k != first.k, chosen.k != last.k
        {
            text += " to \(amount(chosen.inertia)) with \(Figures.word(k)), which is used here,"
            text += " and \(amount(last.inertia)) with \(Figures.word(last.k))."
        } else {
            text += " to \(amount(last.inertia)) with \(Figures.word(last.k))."
        }
        return text
    }

    private func clusters(_ k: Int) -> String {
        k == 1 ? "one cluster" : "\(Figures.word(k)) clusters"
    }

    private func amount(_ inertia: Double) -> String {
        let number = Figures.decimal(inertia / unit.value, places: 2)
        return unit.name.isEmpty ? number : "\(number) \(unit.name.dropLast())"
    }

    /// The chart for a width of 560 or 350 px.
    func svg(width: Double, height: Double) -> String {
        var chart = Chart(width: width, height: height, sentence: sentence)
        let largest = (points.map(\.inertia).max() ?? 1) / unit.value
        let step = Chart.step(largest, atLeast: 0.1)
        let top = (largest / step).rounded(.up) * step
        let first = Double(points[0].k)
        let span = max(1, Double(points[points.count - 1].k) - first)
        let (left, bottom, rise) = (chart.left, chart.bottom, chart.bottom - chart.top)
        // Half of the last label extends beyond the last point.
        let reach = chart.right - 10 - left
        func x(_ k: Int) -> Double { left + reach * (Double(k) - first) / span }
        func y(_ value: Double) -> Double { bottom - rise * value / top }
        for line in 0...Int((top / step).rounded()) {
            let value = Double(line) * step
            let height = Chart.coordinate(y(value))
            chart.path(
                "gr", "M\(Chart.coordinate(chart.left)) \(height)H\(Chart.coordinate(chart.right))")
            let text = Figures.decimal(value, places: step < 1 ? 1 : 0)
            chart.text(text, x: chart.left - 8, y: y(value) + 4, anchor: "end")
        }
        addScale(&chart, x)
        let line = points.map {
            "\(Chart.coordinate(x($0.k))) \(Chart.coordinate(y($0.inertia / unit.value)))"
        }
        chart.path("ln", "M" + line.joined(separator: "L"))
        for point in points {
            let isChosen = point.k == k
            let height = y(point.inertia / unit.value)
            chart.circle(
                isChosen ? "sol" : "dot", x: x(point.k), y: height, radius: isChosen ? 6.5 : 4.5)
            if isChosen { addMark(&chart, x: x(point.k), y: height) }
        }
        return chart.svg
    }

    private func addScale(_ chart: inout Chart, _ x: (Int) -> Double) {
        let bottom = Chart.coordinate(chart.bottom)
        // Labels are at least 24 px apart.
        let spacing = (chart.right - chart.left) / Double(points.count)
        let every = max(1, Int((24 / spacing).rounded(.up)))
        for (place, point) in points.enumerated() where place % every == 0 {
            chart.path("ax", "M\(Chart.coordinate(x(point.k))) \(bottom)v5")
            chart.text("\(point.k)", x: x(point.k), y: chart.bottom + 20)
        }
        chart.addAxes(
            across: "Number of clusters, k",
            up: unit.name.isEmpty ? "Inertia" : "Inertia, \(unit.name)")
    }

    /// Marks the chosen point with a vertical line and a label. The label stays inside the chart at
    /// both ends.
    private func addMark(_ chart: inout Chart, x: Double, y: Double) {
        let foot = max(chart.top + 20, y - 14)
        let head = max(chart.top + 14, foot - 44)
        chart.path(
            "mark", "M\(Chart.coordinate(x)) \(Chart.coordinate(foot))V\(Chart.coordinate(head))")
        let anchor =
            x < chart.left + 70 ? "start" : x > chart.right - 70 ? "end" : "middle"
        chart.text("k = \(k), used here", x: x, y: head - 8, anchor: anchor, style: "t")
    }
}
