import Foundation
import Testing

@testable import Atlas

@Suite("Memory of the program")
struct HeapMemoryTests {
    /// Bytes of this process in memory, as the system counts them.
    private func resident() throws -> Int {
        let numbers = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
        let pages = try #require(Int(numbers.split(separator: " ")[1]))
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }

    @Test("Blocks that were freed before one in use are given back to the system")
    func giveBack() throws {
        // 200,000 blocks of 1 KB, of which the last one stays.
        var blocks = (0..<200_000).map { [UInt8](repeating: UInt8($0 & 255), count: 1_000) }
        blocks.removeFirst(blocks.count - 1)
        let before = try resident()
        HeapMemory.giveBack()
        let after = try resident()
        #expect(blocks == [[UInt8](repeating: 63, count: 1_000)])
        // Other tests may take some memory at the same time.
        #expect(before - after > 100_000_000)
    }
}
