import Catalog
import Files
import Foundation
import HDF5

/// How a command for shards ends, so that an engine can tell what to do.
package enum ShardStatus: Int32, Sendable {
    case done = 0
    /// Wrong usage: `EX_USAGE` of sysexits.h.
    case usage = 64
    /// It fails each time, so it should not be tried again: `EX_DATAERR`.
    case badData = 65
    /// It may succeed when it is tried again: `EX_TEMPFAIL`.
    case tryAgain = 75

    /// The status after an error.
    ///
    /// A disk that is full or cannot be reached, a workspace that another process uses, and a result that
    /// is not there yet may be right the next time, perhaps on another machine.
    package init(after error: any Error) {
        self =
            switch error {
            case is FileError, is CocoaError: .tryAgain
            case HDF5Error.notWritten, HDF5Error.unreadable: .tryAgain
            // The plan has seen the collection, so this machine does not reach it.
            case CatalogError.missing, CatalogError.unreadable: .tryAgain
            case let error as AtlasError:
                switch error {
                case .workspaceBusy, .outputBusy, .fileTrouble, .notWritten, .notMerged,
                    .partsMissing, .partLacksResult:
                    .tryAgain
                case .noShard, .noStage, .wrongIndex: .usage
                default: .badData
                }
            default: .badData
            }
    }
}
