import AtlasModel

/// The learning curve of a network: a quantity on the training and the dev set by epoch. The epoch
/// whose weights were kept is ringed.
struct EpochChart {
    enum Quantity {
        case loss, accuracy
    }

    private struct Series {
        let name: String
        let style: String
        let points: [(epoch: Int, value: Double)]
    }

    private let quantity: Quantity
    private let series: [Series]
    private let last: Int
    private let kept: Int

    /// `nil` when there is nothing to draw.
    init?(_ curve: TrainingCurve, _ quantity: Quantity) {
        self.quantity = quantity
        kept = curve.kept
        last = curve.epochs.last?.number ?? 0
        let dev = curve.epochs.compactMap { epoch in
            (quantity == .loss ? epoch.devLoss : epoch.devAccuracy).map { (epoch.number, $0) }
        }
        var series: [Series] = []
        if quantity == .loss {
            series.append(
                Series(
                    name: "training", style: "ln",
                    points: curve.epochs.map { ($0.number, $0.trainingLoss) }))
        }
        if !dev.isEmpty { series.append(Series(name: "dev", style: "l2", points: dev)) }
        guard !series.isEmpty, last > 0 else { return nil }
        self.series = series
    }

    /// Describes the chart in a sentence.
    var sentence: String {
        var parts = series.map { line in
            let first = line.points[0].value
            let end = line.points[line.points.count - 1].value
            return line.points.count == 1
                ? "\(line.name) \(noun) is \(text(first))"
                : "\(line.name) \(noun) goes from \(text(first)) to \(text(end))"
        }
        parts[0] = parts[0].capitalizedFirst
        var sentence = parts.joined(separator: ", ")
        sentence += last == 1 ? " after one epoch" : " in \(Figures.word(last)) epochs"
        if let dev = keptPoint {
            sentence += "; epoch \(kept), with a dev \(noun) of \(text(dev.value)), is kept"
        } else {
            sentence += "; epoch \(kept) is kept"
        }
        return sentence + "."
    }

    private var noun: String { quantity == .loss ? "loss" : "accuracy" }

    private func text(_ value: Double) -> String {
        quantity == .loss ? Figures.decimal(value, places: 3) : Figures.share(value)
    }

    /// The position of the ring: on the line of the dev set, if there is one.
    private var keptPoint: (epoch: Int, value: Double)? {
        series.last?.points.first { $0.epoch == kept }
    }

    // MARK: Drawing

    /// Space at the right for the names of the lines.
    private static let nameWidth = 56.0

    /// The chart for a width of 560 or 350 px.
    func svg(width: Double, height: Double) -> String {
        var chart = Chart(width: width, height: height, sentence: sentence)
        let axis = axis
        let span = Double(max(1, last - 1))
        let reach = chart.right - Self.nameWidth - chart.left - 8
        let (left, bottom) = (chart.left, chart.bottom)
        let rise = bottom - chart.top
        func x(_ epoch: Int) -> Double { left + 8 + reach * Double(epoch - 1) / span }
        func y(_ value: Double) -> Double {
            bottom - rise * (value - axis.low) / (axis.high - axis.low)
        }
        for line in 0...axis.steps {
            let value = axis.low + Double(line) * axis.step
            chart.path(
                "gr",
                "M\(Chart.coordinate(left)) \(Chart.coordinate(y(value)))H\(Chart.coordinate(chart.right))"
            )
            chart.text(tick(value, axis.step), x: left - 8, y: y(value) + 4, anchor: "end")
        }
        addEpochs(&chart, x)
        for line in series {
            let points = line.points.map { (x: x($0.epoch), y: y($0.value)) }
            chart.polyline(line.style, points)
            if points.count == 1 {
                chart.circle("sol", x: points[0].x, y: points[0].y, radius: 4.5)
            }
        }
        addNames(
            &chart, x: x(last) + 9, ends: series.map { y($0.points[$0.points.count - 1].value) })
        if let point = keptPoint {
            // The label goes below the point where the other line would cross it.
            let others = series.dropLast().flatMap(\.points).filter { $0.epoch == point.epoch }
            let isCrossed = others.contains { (0...34).contains(y(point.value) - y($0.value)) }
            addRing(&chart, x: x(point.epoch), y: y(point.value), isCrossed: isCrossed)
        }
        return chart.svg
    }

    private var axis: (low: Double, high: Double, step: Double, steps: Int) {
        let values = series.flatMap { $0.points.map(\.value) }
        let most = values.max() ?? 1
        let least = values.min() ?? 0
        let low = quantity == .loss ? 0 : least
        let high = quantity == .loss ? max(most, 0.01) : 1
        let step = Chart.step(high - low, atLeast: 0.001)
        let from = (low / step).rounded(.down) * step
        let steps = max(1, Int(((high - from) / step - 1e-9).rounded(.up)))
        return (from, from + Double(steps) * step, step, steps)
    }

    private func tick(_ value: Double, _ step: Double) -> String {
        if quantity == .loss {
            return Figures.decimal(
                value, places: step >= 1 ? 0 : step >= 0.1 ? 1 : step >= 0.01 ? 2 : 3)
        }
        return Figures.decimal(100 * value, places: step >= 0.01 ? 0 : 1) + Figures.thin + "%"
    }

    private func addEpochs(_ chart: inout Chart, _ x: (Int) -> Double) {
        let bottom = Chart.coordinate(chart.bottom)
        // Labels are at least 28 px apart.
        let apart = last > 1 ? x(2) - x(1) : 28
        let every = [1, 2, 5, 10, 20, 50, 100].first { Double($0) * apart >= 28 } ?? 200
        for epoch in 1...last where epoch == 1 || epoch % every == 0 {
            // A label that would touch the first one is left out.
            if epoch > 1, x(epoch) - x(1) < 20 { continue }
            chart.path("ax", "M\(Chart.coordinate(x(epoch))) \(bottom)v5")
            chart.text("\(epoch)", x: x(epoch), y: chart.bottom + 20)
        }
        chart.addAxes(
            across: "Epoch",
            up: quantity == .loss ? "Loss" : "Dev pictures predicted as labelled")
    }

    private func addNames(_ chart: inout Chart, x: Double, ends: [Double]) {
        var places = ends
        if places.count == 2, (places[0] - places[1]).magnitude < 15 {
            let middle = (places[0] + places[1]) / 2
            let sign = places[0] > places[1] ? 1.0 : -1.0
            places = [middle + 7.5 * sign, middle - 7.5 * sign]
        }
        for (line, place) in zip(series, places) {
            chart.text(line.name, x: x, y: place + 4, anchor: "start", style: "t")
        }
    }

    private func addRing(_ chart: inout Chart, x: Double, y: Double, isCrossed: Bool) {
        chart.circle("mark", x: x, y: y, radius: 6)
        let anchor =
            x < chart.left + 60 ? "start" : x > chart.right - 60 ? "end" : "middle"
        let isHigh = y < chart.top + 40 || isCrossed && y < chart.bottom - 34
        chart.text(
            "kept: epoch \(kept)", x: x, y: isHigh ? y + 26 : y - 16, anchor: anchor, style: "t")
    }
}
