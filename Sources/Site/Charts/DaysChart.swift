import AtlasModel

/// How many votes had been given by the end of each day.
struct DaysChart {
    private let days: [DayVotes]

    /// `nil` with fewer than two days.
    init?(_ days: [DayVotes]) {
        guard days.count > 1 else { return nil }
        self.days = days
    }

    var sentence: String {
        let total = days.reduce(0) { $0 + $1.votes }
        return
            "Votes over time: \(Figures.count(total)) from \(days[0].day) to \(days[days.count - 1].day)."
    }

    /// Days stand side by side; those without votes are left out.
    func svg(width: Double, height: Double) -> String {
        var chart = Chart(width: width, height: height, sentence: sentence)
        let sums = days.reduce(into: [Int]()) { sums, day in
            sums.append((sums.last ?? 0) + day.votes)
        }
        let most = Double(max(1, sums.last ?? 1))
        func x(_ place: Int) -> Double {
            chart.left + (chart.right - chart.left) * Double(place) / Double(days.count - 1)
        }
        func y(_ votes: Double) -> Double {
            chart.bottom - (chart.bottom - chart.top) * votes / most
        }
        let step = Chart.step(most, atLeast: 1)
        for line in stride(from: 0, through: most, by: step) {
            chart.path(
                "gr",
                "M\(Chart.coordinate(chart.left)) \(Chart.coordinate(y(line)))H\(Chart.coordinate(chart.right))"
            )
            chart.text(
                Figures.count(Int(line)), x: chart.left - 8, y: y(line) + 4, anchor: "end")
        }
        chart.addAxes(across: "Day, by the reviewers’ clocks", up: "Votes so far")
        chart.text(days[0].day, x: chart.left, y: chart.bottom + 18, anchor: "start")
        chart.text(days[days.count - 1].day, x: chart.right, y: chart.bottom + 18, anchor: "end")
        chart.polyline("ln", sums.indices.map { (x($0), y(Double(sums[$0]))) })
        for (place, sum) in sums.enumerated() {
            chart.circle("sol", x: x(place), y: y(Double(sum)), radius: 3)
        }
        return chart.svg
    }
}
