import Foundation

extension Workers {
    /// The number of cores that the process may use.
    public static var cores: Int { ProcessInfo.processInfo.activeProcessorCount }
}
