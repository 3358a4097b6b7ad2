import Foundation

/// Whether two paths lead to one file or folder, through links too. False if one of them leads nowhere.
///
///     areSameFile("/tmp", "/tmp/.")  // true
package func areSameFile(_ path: String, _ other: String) -> Bool {
    var (first, second) = (stat(), stat())
    return stat(path, &first) == 0 && stat(other, &second) == 0
        && first.st_dev == second.st_dev && first.st_ino == second.st_ino
}
