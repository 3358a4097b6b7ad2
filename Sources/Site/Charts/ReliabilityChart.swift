import AtlasModel

/// Stated probabilities against the share that is labelled so: on the broken diagonal they agree.
struct ReliabilityChart {
    private let calibration: Calibration
    private let name: String

    /// Pictures below which a bin's point is open, and says so.
    private static let few = 20

    /// - Parameter name: `before calibration`.
    init(_ calibration: Calibration, name: String) {
        self.calibration = calibration
        self.name = name
    }

    /// What the chart shows.
    var sentence: String {
        guard let error = calibration.expectedError else {
            return "Reliability \(name): no picture to judge."
        }
        var text = "Reliability \(name): the expected calibration error is \(Figures.share(error))."
        if let bin = calibration.bins.max(by: { $0.labelledSo.total < $1.labelledSo.total }),
            let share = bin.labelledSo.share
        {
            text +=
                " The fullest range holds \(Figures.pictures(bin.labelledSo.total)) "
                + "with a mean probability of \(Figures.share(bin.confidence)); "
                + "\(Figures.share(share)) are labelled so."
        }
        return text
    }

    /// The chart for a width of 560 or 350 px.
    func svg(width: Double, height: Double) -> String {
        var chart = Chart(width: width, height: height, sentence: sentence)
        let (left, bottom) = (chart.left, chart.bottom)
        let across = chart.right - 6 - left
        let rise = bottom - chart.top
        func x(_ value: Double) -> Double { left + across * value }
        func y(_ value: Double) -> Double { bottom - rise * value }
        for tenth in stride(from: 0, through: 10, by: 2) {
            let value = Double(tenth) / 10
            let label = "\(10 * tenth)\(Figures.thin)%"
            chart.path(
                "gr",
                "M\(Chart.coordinate(left)) \(Chart.coordinate(y(value)))H\(Chart.coordinate(chart.right))"
            )
            chart.text(label, x: left - 8, y: y(value) + 4, anchor: "end")
            chart.path("ax", "M\(Chart.coordinate(x(value))) \(Chart.coordinate(bottom))v5")
            chart.text(label, x: x(value), y: bottom + 20)
        }
        chart.addAxes(across: "Probability of the predicted type", up: "Labelled so")
        chart.polyline("l2", [(x(0), y(0)), (x(1), y(1))])
        var labels: [(x: Double, y: Double, text: String)] = []
        for bin in calibration.bins {
            guard let share = bin.labelledSo.share else { continue }
            let interval = bin.labelledSo.interval
            let place = x(bin.confidence)
            chart.path(
                "ax",
                "M\(Chart.coordinate(place)) \(Chart.coordinate(y(interval.upperBound)))V\(Chart.coordinate(y(interval.lowerBound)))"
            )
            let isFew = bin.labelledSo.total < Self.few
            chart.circle(isFew ? "dot" : "sol", x: place, y: y(share), radius: 4.5)
            guard isFew else { continue }
            // A label stands above or below its interval, where the diagonal is not.
            let isHigh = share >= bin.confidence
            let height =
                isHigh ? y(interval.upperBound) - 7 : y(interval.lowerBound) + 16
            let text = "\(Figures.pictures(bin.labelledSo.total)) only"
            // Labels give way to the ones before them.
            let isFree = labels.allSatisfy {
                ($0.x - place).magnitude > 104 || ($0.y - height).magnitude > 15
            }
            let fits = height > chart.top + 8 && height < bottom - 4
            if isFree, fits { labels.append((place, height, text)) }
        }
        for label in labels {
            let anchor =
                label.x < left + 52 ? "start" : label.x > chart.right - 52 ? "end" : "middle"
            chart.text(label.text, x: label.x, y: label.y, anchor: anchor, style: "halo")
        }
        return chart.svg
    }
}
