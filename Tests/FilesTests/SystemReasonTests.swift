import Files
import Foundation
import Testing

@Suite struct SystemReasonTests {
    /// The messages of glibc, from its manual, "Error Codes".
    @Test(arguments: [
        (ENOENT, "No such file or directory"), (EACCES, "Permission denied"),
        (ENOSPC, "No space left on device"), (EROFS, "Read-only file system"),
    ])
    func `An error number has the system's words`(number: Int32, words: String) {
        #expect(systemReason(number) == words)
        #expect(systemReason(of: FileError(.read, path: "a", number: number)) == words)
    }

    @Test func `An error of Foundation has the system's words too`() {
        func reason(_ body: () throws -> Void) -> String? {
            do { try body() } catch { return systemReason(of: error) }
            return nil
        }
        #expect(
            reason { _ = try Data(contentsOf: URL(filePath: "/no/such")) }
                == "No such file or directory")
        #expect(
            reason { _ = try FileManager.default.contentsOfDirectory(atPath: "/no/such") }
                == "No such file or directory")
        #expect(
            reason { try Data().write(to: URL(filePath: "/proc/1/no/such")) }
                == "No such file or directory")
    }

    @Test func `Any other error of Foundation is told without its full stop`() {
        let error = NSError(
            domain: "Test", code: 1, userInfo: [NSLocalizedDescriptionKey: "It broke. Really."])
        #expect(systemReason(of: error) == "It broke")
    }
}
