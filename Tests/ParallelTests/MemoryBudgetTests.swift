import Parallel
import Synchronization
import Testing

@Suite struct MemoryBudgetTests {
    @Test("A claim that is larger than the budget is refused at once")
    func refused() {
        let budget = MemoryBudget(bytes: 100)
        #expect(budget.claim(100))
        #expect(!budget.claim(101))
        budget.release(100)
        #expect(budget.claim(60))
    }

    @Test("Threads never hold more than the budget, and all of them get their share")
    func shared() throws {
        let budget = MemoryBudget(bytes: 10)
        let held = Mutex((now: 0, most: 0))
        let sizes = try Workers(8).map(400) { index -> Int in
            let size = 1 + index * 7 % 10
            guard budget.claim(size) else { return 0 }
            held.withLock { held in
                held.now += size
                held.most = max(held.most, held.now)
            }
            held.withLock { $0.now -= size }
            budget.release(size)
            return size
        }
        // 1 + (7 i mod 10) takes each value from 1 to 10 once in ten indices.
        #expect(sizes.reduce(0, +) == 40 * 55)
        #expect(held.withLock { $0.most } <= 10)
        #expect(held.withLock { $0.now } == 0)
    }
}
