import Foundation

/// What libFuzzer calls with each input (LLVM, "libFuzzer", section "Fuzz Target"). The compiler adds
/// libFuzzer with `-sanitize=fuzzer`.
/// - Returns: 0, so that the input is kept if it reaches new code.
@_cdecl("LLVMFuzzerTestOneInput")
package func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ length: Int) -> CInt {
    Fuzzing.read([UInt8](UnsafeBufferPointer(start: bytes, count: length)))
    return 0
}

private enum Fuzzing {
    /// The reader that `GEOATLAS_FUZZ_READER` names.
    private static let reader = ProcessInfo.processInfo.environment["GEOATLAS_FUZZ_READER"]
        .flatMap(Reader.init)
    /// For readers that open files.
    private static let file = FileManager.default.temporaryDirectory.appending(
        path: "geoatlas-fuzz-\(ProcessInfo.processInfo.processIdentifier)")

    static func read(_ input: [UInt8]) {
        guard let reader else {
            let names = Reader.allCases.map(\.rawValue).joined(separator: ", ")
            print("GEOATLAS_FUZZ_READER has to be one of: \(names)")
            exit(2)
        }
        do {
            if reader.needsFile { try Data(input).write(to: file) }
        } catch {
            print("\(file.path) cannot be written: \(error)")
            exit(2)
        }
        reader.read(input, file.path)
    }
}
