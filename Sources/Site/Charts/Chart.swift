import Templates

/// A chart as inline SVG. It is drawn for a fixed width, so that its text keeps its size.
///
/// The style sheets define the classes: `gr` grid, `ax` axes, `ln` line, `dot` and `sol` open and
/// filled points, `pool` open bars, `mark` the highlighted value, `t` label, `k` name in a file.
struct Chart {
    let width: Double
    let height: Double
    /// One sentence that describes the chart, for readers who cannot see it.
    let sentence: String
    private var content = ""

    /// Space for labels: left, top, right and bottom.
    static let margins = (left: 60.0, top: 10.0, right: 10.0, bottom: 50.0)

    init(width: Double, height: Double, sentence: String) {
        self.width = width
        self.height = height
        self.sentence = sentence
    }

    var left: Double { Self.margins.left }
    var right: Double { width - Self.margins.right }
    var top: Double { Self.margins.top }
    var bottom: Double { height - Self.margins.bottom }

    /// The whole SVG element.
    var svg: String {
        "<svg class=\"chart\" viewBox=\"0 0 \(Self.coordinate(width)) \(Self.coordinate(height))\" role=\"img\" "
            + "aria-label=\"\(sentence.escapedHTML)\">\(content)</svg>"
    }

    mutating func path(_ style: String, _ points: String) {
        content += "<path class=\"\(style)\" d=\"\(points)\"/>"
    }

    /// Draws a line through points. A single point gives no line.
    mutating func polyline(_ style: String, _ points: [(x: Double, y: Double)]) {
        guard points.count > 1 else { return }
        let places = points.map { "\(Self.coordinate($0.x)) \(Self.coordinate($0.y))" }
        path(style, "M" + places.joined(separator: "L"))
    }

    mutating func rectangle(_ style: String, x: Double, y: Double, width: Double, height: Double) {
        content +=
            "<rect class=\"\(style)\" x=\"\(Self.coordinate(x))\" y=\"\(Self.coordinate(y))\" width=\"\(Self.coordinate(width))\" height=\"\(Self.coordinate(height))\"/>"
    }

    /// Adds the two axes with their titles.
    mutating func addAxes(across: String, up: String) {
        path(
            "ax",
            "M\(Self.coordinate(left)) \(Self.coordinate(top))V\(Self.coordinate(bottom))H\(Self.coordinate(right))"
        )
        text(across, x: (left + right) / 2, y: height - 4)
        let place = "translate(13 \(Self.coordinate((top + bottom) / 2))) rotate(-90)"
        content += "<text transform=\"\(place)\" text-anchor=\"middle\">\(up.escapedHTML)</text>"
    }

    /// Spacing of grid lines: `smallest` times 1, 2 or 5 times a power of ten, so that there are at
    /// most six lines.
    ///
    ///     Chart.step(230, atLeast: 1)  // 50: lines at 0, 50, 100, 150, 200
    static func step(_ span: Double, atLeast smallest: Double) -> Double {
        var power = smallest
        while power * 60 < span { power *= 10 }
        return [1, 2, 5, 10].map { $0 * power }.first { span / $0 <= 6 } ?? power * 10
    }

    mutating func circle(_ style: String, x: Double, y: Double, radius: Double) {
        content +=
            "<circle class=\"\(style)\" cx=\"\(Self.coordinate(x))\" cy=\"\(Self.coordinate(y))\" r=\"\(Self.coordinate(radius))\"/>"
    }

    mutating func text(
        _ text: String, x: Double, y: Double, anchor: String = "middle", style: String = ""
    ) {
        let place = "x=\"\(Self.coordinate(x))\" y=\"\(Self.coordinate(y))\""
        let named = style.isEmpty ? "" : "class=\"\(style)\" "
        content += "<text \(named)\(place) text-anchor=\"\(anchor)\">\(text.escapedHTML)</text>"
    }

    /// A number for SVG: one decimal place, or none for a whole number, and no comma between
    /// thousands.
    ///
    ///     Chart.coordinate(1234.56)  // "1234.6"
    static func coordinate(_ value: Double) -> String {
        let text = Figures.decimal(value, places: 1).replacing(",", with: "").replacing(
            "−", with: "-")
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
