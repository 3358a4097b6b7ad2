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
    case notWritable(path: String, reason: String)
    case locked(lock: String, holder: LockHolder)
    case rsyncMissing
    case rsyncNotStarted(program: String, reason: String)
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
        case .notWritable(let path, let reason):
            "\(path) cannot be written to (\(reason)). Give a folder you may write to, with room in it."
        case .locked(let lock, let holder):
            Self.sentence(lock: lock, holder: holder)
        case .rsyncMissing:
            "Publishing needs rsync, which was not found on the PATH. "
                + "Install it, on Debian and Ubuntu with \"apt-get install rsync\"."
        case .rsyncNotStarted(let program, let reason):
            "\(program) could not be started (\(reason)). Install rsync again."
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
        case .running(let host, let process):
            "Process \(process) on \(host) is publishing there. Wait for it; if it is something else, "
                + "remove \(lock) and publish again."
        case .ended(let host, let process):
            "Process \(process) on \(host) was publishing there and ended without removing its lock. "
                + "Remove \(lock) and publish again."
        case .elsewhere(let host, let process):
            "Process \(process) on \(host) is publishing there, or was stopped while it was publishing. "
                + "Wait for it; if it does not run any more, remove \(lock) and publish again."
        case .unknown:
            "Somebody is publishing there, or a publication was stopped. "
                + "If nobody is publishing, remove \(lock) and publish again."
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
    /// A process of this machine that has ended.
    case ended(host: String, process: Int32)
    /// A process of another machine. Whether it is running is unknown here.
    case elsewhere(host: String, process: Int32)
    /// The lock does not contain its holder.
    case unknown
}
