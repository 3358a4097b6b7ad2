import AtlasModel

/// The layers of a network from input to output. The width of each bar shows the number of output
/// values.
struct LayerDiagram {
    private let layers: [LayerFacts]
    /// Of the pictures that the network gets, in pixels.
    private let side: Int

    /// Height of a layer's line.
    private static let line = 24.0
    private static let head = 22.0

    /// `nil` when the layers are not known.
    init?(_ layers: [LayerFacts], side: Int) {
        guard !layers.isEmpty else { return nil }
        self.layers = layers
        self.side = side
    }

    /// Describes the diagram in a sentence.
    var sentence: String {
        let weighted = layers.count { $0.role == .weighted }
        let all = layers.reduce(0) { $0 + $1.parameters }
        return "The layers of the network from input to output: "
            + "\(Figures.counted(layers.count, "layer", "layers")), "
            + "\(Figures.word(weighted)) of them with weights, "
            + "\(Figures.counted(all, "parameter", "parameters")) in all. "
            + "The table behind it holds the same."
    }

    /// The diagram for a width of 560 or 350 px; only the wide one shows the names.
    func svg(width: Double) -> String {
        let isWide = width > 500
        let bars = isWide ? 88.0 : 64.0
        let columns: (kind: Double, name: Double, shape: Double, parameters: Double) =
            isWide ? (100, 228, 480, width) : (74, 0, 282, width)
        let height = Self.head + Self.line * Double(layers.count + 1) + 4
        var chart = Chart(width: width, height: height, sentence: sentence)
        chart.text("Layer", x: columns.kind, y: 14, anchor: "start")
        if isWide { chart.text("Name in the file", x: columns.name, y: 14, anchor: "start") }
        chart.text("Output", x: columns.shape, y: 14, anchor: "end")
        chart.text(
            isWide ? "Parameters" : "Param.", x: columns.parameters, y: 14, anchor: "end")
        chart.path("ax", "M0 21.5H\(Chart.coordinate(width))")
        let input = [side, side, 3]
        let most = ([input] + layers.map(\.output)).map { Self.extent($0) }.max() ?? 1
        func row(_ number: Int) -> Double { Self.head + Self.line * (Double(number) + 0.5) }
        func bar(_ shape: [Int]) -> Double { max(2, (bars * Self.extent(shape) / most).rounded()) }
        let middle = bars / 2
        chart.path(
            "gr",
            "M\(Chart.coordinate(middle)) \(Chart.coordinate(row(0)))V\(Chart.coordinate(row(layers.count)))"
        )
        func add(_ number: Int, _ shape: [Int], _ style: String, thickness: Double) {
            let width = bar(shape)
            chart.rectangle(
                style, x: middle - width / 2, y: row(number) - thickness / 2, width: width,
                height: thickness)
        }
        add(0, input, "pool", thickness: 9)
        chart.text("Picture", x: columns.kind, y: row(0) + 4, anchor: "start", style: "t")
        chart.text(Self.text(input), x: columns.shape, y: row(0) + 4, anchor: "end")
        for (place, layer) in layers.enumerated() {
            let number = place + 1
            switch layer.role {
            case .weighted: add(number, layer.output, "sol", thickness: 13)
            case .pooling: add(number, layer.output, "pool", thickness: 9)
            case .plain: add(number, layer.output, "sol", thickness: 2)
            }
            let base = row(number) + 4
            chart.text(layer.kind, x: columns.kind, y: base, anchor: "start", style: "t")
            if isWide {
                chart.text(layer.name, x: columns.name, y: base, anchor: "start", style: "k")
            }
            chart.text(Self.text(layer.output), x: columns.shape, y: base, anchor: "end")
            if layer.parameters > 0 {
                chart.text(
                    Figures.count(layer.parameters), x: columns.parameters, y: base, anchor: "end",
                    style: "t")
            }
        }
        return chart.svg
    }

    /// `13 × 13 × 64`.
    static func text(_ shape: [Int]) -> String {
        shape.map(Figures.count).joined(separator: " × ")
    }

    /// The square root of the number of values. A bar is drawn as the side of a square with that
    /// area.
    private static func extent(_ shape: [Int]) -> Double {
        Double(shape.reduce(1, *)).squareRoot()
    }
}
