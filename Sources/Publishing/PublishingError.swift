import Files
import Foundation

/// Why an atlas could not be published, or shown.
package enum PublishingError: Error, Equatable, CustomStringConvertible {
    case notAFolder(path: String)
    case unreadable(path: String, reason: String)
    case missingManifest(path: String)
    case damagedManifest(path: String, reason: String)
    case refusedPath(path: String, reason: String)
    /// `first` is the problem of the first of `count` files.
    case changedSinceBuild(folder: String, count: Int, first: String)
    case buildUnderway(folder: String)
    case nested(folder: String, destination: String)
    case refusedDestination(String)
    /// An address of another system.
    case foreignDestination(String)
    /// `path`, inside the destination, exists and was not written by GeoAtlas.
    case destinationTaken(destination: String, path: String)
    /// `path`, inside the destination, is in the way of an atlas that is there.
    case foreignFile(destination: String, path: String)
    /// An address of the rsync protocol, which has no locks.
    case rsyncServer(String)
    case notWritable(path: String, reason: String)
    /// `number` is the error number of the system.
    case copyFailed(path: String, number: Int32)
    case heldOpen(path: String, reason: String)
    case arrivedDamaged(destination: String, path: String, reason: String)
    case locked(lock: String, holder: LockHolder)
    /// Another publisher has taken the lock.
    case lockLost(lock: String)
    case rsyncMissing
    /// The program that connects to other machines.
    case shellMissing(String)
    case notStarted(program: String, reason: String)
    case notConnected(destination: String, text: String)
    case rsyncFailed(destination: String, status: Int32, text: String)
    case interrupted(destination: String)
    case portBusy(UInt16)
    case cannotListen(port: UInt16, reason: String)

    package var description: String {
        switch self {
        case .notAFolder(let path):
            "\(path) is not a folder. Give the folder of an atlas, as \"geoatlas build\" makes it."
        case .unreadable(let path, let reason):
            "\(path) cannot be read (\(reason)). Check that you may open it."
        case .missingManifest(let path):
            "\(path) does not exist, so the folder holds no finished atlas. Run \"geoatlas build\"."
        case .damagedManifest(let path, let reason):
            "\(path) is damaged (\(reason)). Run \"geoatlas build\" again."
        case .refusedPath(let path, let reason):
            "\"\(path)\" cannot be a file of an atlas: \(reason)."
        case .changedSinceBuild(let folder, let count, let first):
            "\(folder) is not as it was built: \(first)"
                + (count > 1 ? " And \(count - 1) more." : "")
                + " Run \"geoatlas build\" again; \"geoatlas check\" lists everything."
        case .buildUnderway(let folder):
            "A build is writing to \(folder), or was interrupted there. Wait for it, or build again."
        case .nested(let folder, let destination):
            "One of \(folder) and \(destination) lies inside the other, or both are the same. "
                + "Publish to a folder apart from the atlas."
        case .refusedDestination(let destination):
            "\"\(destination)\" is no destination. Give a folder, or an address that rsync knows, "
                + "such as host:/srv/atlas."
        case .foreignDestination(let destination):
            "\"\(destination)\" is not a folder of this system. Mount the share, and give the path of the "
                + "folder where it is mounted; give the home folder as an absolute path."
        case .destinationTaken(let destination, let path):
            "\(destination) holds no atlas, but \(path) is there already and would be overwritten. "
                + "Publish to a new or empty folder, or move that file away."
        case .foreignFile(let destination, let path):
            "\(path) at \(destination) does not belong to the atlas there, and is in the way of a file of the "
                + "new edition. Move it away, then publish again."
        case .rsyncServer(let destination):
            "\(destination) is the address of an rsync server, which cannot keep two publishers apart. "
                + "Give host:path, which is reached by ssh, or a folder."
        case .copyFailed(let path, let number):
            "\(path) could not be written (\(systemReason(number))). \(Self.remedy(number))"
        case .heldOpen(let path, let reason):
            "\(path) could not be replaced (\(reason)): somebody has it open. Close it there, then "
                + "publish again; it continues where it stopped."
        case .arrivedDamaged(let destination, let path, let reason):
            "\(path) did not arrive at \(destination) as it was sent: \(reason). Publish again; if that "
                + "does not help, check the disk there."
        case .notWritable(let path, let reason):
            "\(path) cannot be written to (\(reason)). Give a folder you may write to, with room in it."
        case .locked(let lock, let holder):
            Self.sentence(lock: lock, holder: holder)
        case .rsyncMissing:
            "Publishing needs rsync, which was not found on the PATH. "
                + "Install it, on Debian and Ubuntu with \"apt-get install rsync\"."
        case .lockLost(let lock):
            "Another publisher took over \(lock), so this publication stopped. Wait until the other has "
                + "finished, then publish again."
        case .shellMissing(let program):
            "Publishing to another machine needs \(program), which was not found on the PATH. "
                + "Install it, on Debian and Ubuntu with \"apt-get install openssh-client\"."
        case .notStarted(let program, let reason):
            "\(program) could not be started (\(reason)). Install it again."
        case .notConnected(let destination, let text):
            "The connection to \(destination) failed: \(text.isEmpty ? "it was closed" : text). Check the "
                + "address, that the host can be reached, and that you may run commands there with ssh; "
                + "then publish again."
        case .rsyncFailed(let destination, let status, let text):
            "rsync could not publish to \(destination) (status \(status)): "
                + "\(text.isEmpty ? "it gave no reason" : text). \(Self.remedy(status: status, text: text))"
        case .interrupted(let destination):
            "Publishing to \(destination) was interrupted. Run it again: it continues where it stopped."
        case .portBusy(let port):
            "Port \(port) is in use by another program. Choose another with --port."
        case .cannotListen(let port, let reason):
            "The preview cannot listen on port \(port) (\(reason)). Choose another with --port."
        }
    }

    private static func sentence(lock: String, holder: LockHolder) -> String {
        switch holder {
        case .running(let host, let process), .alive(let host, let process):
            "Process \(process) on \(host) is publishing there. Wait until it has finished, then publish "
                + "again."
        case .silent(let host, let process, let started):
            "Process \(process) on \(host) has locked the destination\(started.map { " since \($0)" } ?? "") "
                + "and gives no sign of life. If it does not run any more, publish with --break-lock."
        case .unknown:
            "\(lock) does not say who is publishing there. If nobody is, publish with --break-lock."
        }
    }

    /// The remedy for an error of the system.
    private static func remedy(_ number: Int32) -> String {
        switch number {
        case ENOSPC, EDQUOT:
            "Make room at the destination and publish again; it continues where it stopped."
        case EACCES, EPERM, EROFS: "Ask for the right to write there, or publish elsewhere."
        case EFBIG:
            "Allow larger files there, or in this shell with \"ulimit -f\", and publish again."
        default: "Correct that and publish again; it continues where it stopped."
        }
    }

    /// The remedy for an error of rsync. The status numbers are those of rsync(1), "EXIT VALUES".
    private static func remedy(status: Int32, text: String) -> String {
        func says(_ words: String) -> Bool { text.contains(words) }
        if says("No space left") || says("quota exceeded") {
            return "Make room at the destination and publish again; it continues where it stopped."
        }
        if says("Permission denied") || says("Read-only file system")
            || says("Operation not permitted")
        {
            return "Ask for the right to write there, or publish elsewhere."
        }
        switch status {
        case 5, 10, 12, 30, 35, 255:
            return "Check the address and that the host can be reached, then publish again."
        default:
            return "Correct that and publish again; it continues where it stopped."
        }
    }
}

/// The holder of the lock of a destination.
package enum LockHolder: Equatable, Sendable {
    /// A process that is running on this machine.
    case running(host: String, process: Int32)
    /// A process of another machine that has just given a sign of life.
    case alive(host: String, process: Int32)
    /// A process of another machine without a sign of life. `started` is a time of its clock.
    case silent(host: String, process: Int32, started: String?)
    /// The lock does not name its holder.
    case unknown
}
