/// A call that oneDNN refused.
package enum KernelError: Error, Equatable, CustomStringConvertible {
    /// - Parameters:
    ///   - code: a `dnnl_status_t`.
    ///   - call: oneDNN's name of the call without the prefix `dnnl_`.
    case status(code: Int32, call: String)

    /// `dnnl_out_of_memory`.
    static let outOfMemory: Int32 = 1

    package var description: String {
        switch self {
        case .status(let code, let call):
            "oneDNN returned status \(code) for \(call). "
                + (code == KernelError.outOfMemory
                    ? "There is not enough memory: use fewer threads with --jobs."
                    : "This version of oneDNN may not support this processor: "
                        + "install libdnnl 2.6 or newer.")
        }
    }
}

/// Throws the error that `status` stands for, if it is not success.
/// - Parameter call: oneDNN's name of the call that returned it.
func check(_ status: UInt32, _ call: String) throws(KernelError) {
    if status != 0 { throw .status(code: Int32(status), call: call) }
}
