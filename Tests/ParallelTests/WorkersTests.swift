import Parallel
import Synchronization
import Testing

@Suite struct WorkersTests {
    private struct Failure: Error, Equatable { let index: Int }

    @Test(
        "Ranges cover every index once, and their bounds do not depend on the threads",
        arguments: [1, 2, 7])
    func ranges(threads: Int) throws {
        let found = Mutex<[Range<Int>]>([])
        try Workers(threads).forEachRange(of: 10, chunk: 4) { range in
            found.withLock { $0.append(range) }
        }
        #expect(
            found.withLock { $0 }.sorted { $0.lowerBound < $1.lowerBound } == [
                0..<4, 4..<8, 8..<10,
            ])
    }

    @Test("Nothing is called for no indices")
    func nothing() throws {
        try Workers(3).forEachRange(of: 0, chunk: 4) { _ in throw Failure(index: 0) }
        #expect(try Workers(3).map(0) { $0 }.isEmpty)
    }

    @Test("Results are in the order of the indices", arguments: [1, 3], [1, 4, 1_000])
    func results(threads: Int, chunk: Int) throws {
        let squares = try Workers(threads).map(100, chunk: chunk) { $0 * $0 }
        #expect(squares == (0..<100).map { $0 * $0 })
    }

    /// The first range waits until the second has failed, so that the first error in time is not
    /// the first by index. It stops waiting after a while, because one thread may have to do both
    /// ranges.
    @Test("Of several errors the one with the lowest index is thrown")
    func errors() {
        let hasFailed = Atomic<Bool>(false)
        let end = ContinuousClock.now + .seconds(5)
        #expect(throws: Failure(index: 0)) {
            try Workers(2).forEachRange(of: 2, chunk: 1) { range in
                if range.lowerBound == 1 {
                    hasFailed.store(true, ordering: .sequentiallyConsistent)
                } else {
                    while !hasFailed.load(ordering: .sequentiallyConsistent),
                        ContinuousClock.now < end
                    {}
                }
                throw Failure(index: range.lowerBound)
            }
        }
    }

    @Test("After an error no new range is begun")
    func stops() {
        let calls = Atomic<Int>(0)
        #expect(throws: Failure(index: 2)) {
            try Workers(1).forEachRange(of: 10, chunk: 1) { range in
                calls.add(1, ordering: .relaxed)
                if range.lowerBound == 2 { throw Failure(index: 2) }
            }
        }
        #expect(calls.load(ordering: .relaxed) == 3)
    }

    @Test("There is at least one thread")
    func least() {
        #expect(Workers(0).count == 1)
        #expect(Workers(-3).count == 1)
        #expect(Workers().count >= 1)
    }
}
