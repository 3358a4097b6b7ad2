/// oneDNN refused a call: a shape or a processor it does not know, or no memory.
public enum KernelError: Error, Equatable, CustomStringConvertible {
    case status(code: Int32, call: String)

    public var description: String {
        switch self {
        case .status(let code, let call):
            "oneDNN returned status \(code) for \(call). "
                + (code == 1
                    ? "There is not enough memory: use fewer threads with --jobs."
                    : "This version of oneDNN may not support this processor: "
                        + "install libdnnl 2.6 or newer.")
        }
    }
}

/// Throws what a status of `call` other than success means.
func check(_ status: UInt32, _ call: String) throws(KernelError) {
    if status != 0 { throw .status(code: Int32(status), call: call) }
}
