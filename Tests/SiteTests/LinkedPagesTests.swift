import Testing

@testable import Site

@Suite struct LinkedPagesTests {
    /// The most links that a reader follows from a page to any other, by a search in breadth.
    private func steps(from start: Int, _ links: [[Int]]) -> Int {
        var isReached = links.map { _ in false }
        isReached[start] = true
        var front = [start]
        var steps = 0
        while isReached.contains(false) {
            front = Array(Set(front.flatMap { links[$0] }.filter { !isReached[$0] }))
            for page in front { isReached[page] = true }
            steps += 1
            if front.isEmpty { return .max }
        }
        return steps
    }

    @Test func `A page of a short plate has links to all pages`() {
        #expect(LinkedPages.numbers(of: 1, around: 0) == [0])
        #expect(LinkedPages.numbers(of: 30, around: 7) == Array(0..<30))
    }

    @Test func `A page of a long plate has links to its ends, its neighbours and round numbers`() {
        // The reader is on page 115.
        let near = Array(111...119)
        let tens = [70, 80, 90, 100, 110, 120, 130, 140, 150]
        let seen = [1] + tens + near + [200, 300, 400, 500, 661]
        #expect(LinkedPages.numbers(of: 661, around: 114) == seen.map { $0 - 1 }.sorted())
    }

    @Test(arguments: [31, 99, 100, 101, 661])
    func `Few links lead from any page to any other`(count: Int) {
        let links = (0..<count).map { LinkedPages.numbers(of: count, around: $0) }
        for current in stride(from: 0, to: count, by: 7) {
            #expect(steps(from: current, links) <= 5)
        }
        for (current, numbers) in links.enumerated() {
            #expect(numbers.count <= 40 && numbers.contains(current))
        }
    }
}
