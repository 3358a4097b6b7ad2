import Foundation
import Synchronization
import Testing

@testable import Parallel

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

    @Test(
        "Two bodies give their results in order, and the error of the first counts",
        arguments: [1, 2])
    func both(threads: Int) throws {
        let workers = Workers(threads)
        let results = try workers.both {
            "one"
        } _: {
            2
        }
        #expect(results == ("one", 2))
        #expect(throws: Failure(index: 2)) {
            _ = try workers.both {
                1
            } _: {
                throw Failure(index: 2)
            }
        }
        #expect(throws: Failure(index: 1)) {
            try workers.both {
                throw Failure(index: 1)
            } _: {
                throw Failure(index: 2)
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

    /// A place where threads wait for each other, with the outcomes.
    private final class Meeting: Sendable {
        private let arrived = Atomic<Int>(0)
        private let outcomes = Mutex<[Bool]>([])

        /// Waits until `count` threads have arrived, or for long.
        func wait(for count: Int) {
            arrived.add(1, ordering: .sequentiallyConsistent)
            let end = ContinuousClock.now + .seconds(30)
            while arrived.load(ordering: .sequentiallyConsistent) < count,
                ContinuousClock.now < end
            {}
            let isMet = arrived.load(ordering: .sequentiallyConsistent) >= count
            outcomes.withLock { $0.append(isMet) }
        }

        /// For each thread whether the others came.
        var met: [Bool] { outcomes.withLock { $0 } }
    }

    /// Both threads have a range of the outer loop. Then the inner loop begins in the thread that only helps, and its two
    /// ranges wait for each other, so the caller has to take one.
    @Test("A thread that waits for the end of a loop helps with a loop inside it")
    func nested() {
        let helpers = Helpers()
        let caller = ObjectIdentifier(Thread.current)
        let (outer, inner) = (Meeting(), Meeting())
        @Sendable func run(_ body: @escaping SharedLoop.Body) {
            helpers.run(SharedLoop(of: 2, chunk: 1, body), threads: 2)
        }
        run { _ in
            outer.wait(for: 2)
            if ObjectIdentifier(Thread.current) != caller { run { _ in inner.wait(for: 2) } }
        }
        #expect(outer.met == [true, true])
        #expect(inner.met == [true, true])
    }

    @Test("Loops inside loops inside loops come to an end, and leave nothing out", arguments: 1...4)
    func deep(threads: Int) throws {
        let workers = Workers(threads)
        let sums = try workers.map(6) { a in
            try workers.map(5) { b in
                try workers.map(4) { a * 100 + b * 10 + $0 }.reduce(0, +)
            }.reduce(0, +)
        }
        #expect(sums == (0..<6).map { $0 * 100 * 20 + 10 * 4 * 10 + 5 * 6 })
    }

    @Test("An error in a loop inside a loop ends both")
    func nestedErrors() {
        #expect(throws: Failure(index: 3)) {
            try Workers(2).forEachRange(of: 4, chunk: 1) { outer in
                try Workers(2).forEachRange(of: 4, chunk: 1) { inner in
                    if outer.lowerBound == 0, inner.lowerBound == 3 { throw Failure(index: 3) }
                }
            }
        }
    }

    @Test("While a thread waits for a disk, others go on, also with one thread that computes")
    func waiting() throws {
        let meeting = Meeting()
        try Workers(1).forEachWaitingRange(of: 4, chunk: 1) { _ in meeting.wait(for: 4) }
        #expect(meeting.met == [true, true, true, true])
    }

    @Test("Loops that wait cover every index once, and report the error of the lowest one")
    func waitingRanges() throws {
        let found = Mutex<[Int]>([])
        try Workers(2).forEachWaitingRange(of: 100, chunk: 7) { range in
            found.withLock { $0 += Array(range) }
        }
        #expect(found.withLock { $0 }.sorted() == Array(0..<100))
        try Workers(2).forEachWaitingRange(of: 0, chunk: 7) { _ in throw Failure(index: 0) }
        #expect(throws: Failure(index: 5)) {
            try Workers(2).forEachWaitingRange(of: 6, chunk: 1) { range in
                if range.lowerBound == 5 { throw Failure(index: 5) }
            }
        }
    }
}
