import AtlasModel
import Statistics

/// The stated probability against the share of pictures with that label. The two are equal on the
/// dashed diagonal.
struct ReliabilityChart {
    private let calibration: Calibration
    private let name: String

    /// A bin with fewer pictures is drawn as an open point with a note.
    private static let few = 20

    /// - Parameter name: `before calibration`.
    init(_ calibration: Calibration, name: String) {
        self.calibration = calibration
        self.name = name
    }

    /// Describes the chart in a sentence.
    var sentence: String {
        guard let error = calibration.expectedError else {
            return "Reliability \(name): no picture to judge."
        }
        var text = "Reliability \(name): the expected calibration error is \(Figures.share(error))."
        if let bin = calibration.bins.max(by: { $0.accuracy.total < $1.accuracy.total }),
            let share = bin.accuracy.share
        {
            text +=
                " The fullest range holds \(Figures.pictures(bin.accuracy.total)) "
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
        chart.addAxes(across: "Probability of the predicted type", up: "Correct")
        chart.polyline("l2", [(x(0), y(0)), (x(1), y(1))])
        let marks = calibration.bins.compactMap { bin in
            bin.accuracy.share.map { share in
                let interval = bin.accuracy.interval
                return Mark(
                    x: x(bin.confidence), y: y(share), top: y(interval.upperBound),
                    bottom: y(interval.lowerBound), pictures: bin.accuracy.total)
            }
        }
        for mark in marks {
            let x = Chart.coordinate(mark.x)
            chart.path(
                "ax", "M\(x) \(Chart.coordinate(mark.top))V\(Chart.coordinate(mark.bottom))")
            chart.circle(mark.isFew ? "dot" : "sol", x: mark.x, y: mark.y, radius: 4.5)
        }
        for label in labels(of: marks, in: chart) {
            let anchor =
                label.x < left + 52 ? "start" : label.x > chart.right - 52 ? "end" : "middle"
            chart.text(label.text, x: label.x, y: label.y, anchor: anchor)
        }
        return chart.svg
    }

    /// The point of a bin with its interval, in the chart's pixels.
    private struct Mark {
        let x: Double
        let y: Double
        let top: Double
        let bottom: Double
        let pictures: Int

        var isFew: Bool { pictures < ReliabilityChart.few }
    }

    private struct Label {
        let x: Double
        let y: Double
        let text: String

        static let halfWidth = 50.0
        static let height = 13.0
    }

    /// Labels such as `10 pictures only`, above or below the interval of a bin with few pictures. A
    /// label that would overlap another interval or label is left out.
    private func labels(of marks: [Mark], in chart: Chart) -> [Label] {
        var labels: [Label] = []
        for (place, mark) in marks.enumerated() where mark.isFew {
            let text = "\(Figures.pictures(mark.pictures)) only"
            let free = [mark.top - 8, mark.bottom + 17].first { height in
                let inside = height > chart.top + Label.height && height < chart.bottom - 4
                let clear = marks.indices.allSatisfy { other in
                    other == place
                        || (marks[other].x - mark.x).magnitude > Label.halfWidth + 6
                        || marks[other].bottom < height - Label.height - 4
                        || marks[other].top > height + 6
                }
                return inside && clear
                    && labels.allSatisfy {
                        ($0.x - mark.x).magnitude > 2 * Label.halfWidth + 8
                            || ($0.y - height).magnitude > Label.height + 2
                    }
            }
            if let free { labels.append(Label(x: mark.x, y: free, text: text)) }
        }
        return labels
    }
}
