import AtlasModel
import Catalog
import Classification
import Foundation

/// Decides the rock types of a collection. Every command that reads one asks here.
///
/// The types are those of the settings. If fewer than two of them are names of folders, they are
/// those of the network that was given, or else the folders themselves. They are that too if the
/// settings name the six types that come with the program, and most folders are others: nobody has
/// chosen the six for this collection. There are no types if no folder names one, and nobody has
/// chosen any.
struct CollectionTypes {
    let types: [RockType]
    /// What to tell the user; `nil` when the types are those of the settings.
    let note: String?

    /// - Parameters:
    ///   - classes: of the network that was given; `nil` without one.
    init(_ settings: AtlasSettings, in collection: Collection, classes: [String]?) {
        let (types, file) = (settings.types, settings.file)
        let folders = PictureFolders(of: collection)
        let named = folders.count(of: types)
        let isKnown = classes.map { Set($0) == Set(types.map(\.label)) } ?? false
        let own = folders.types
        let areChosen =
            Set(types.map(\.label)) != Set(RockType.reference.map(\.label))
            || folders.countOfTypes(besides: types) <= named
        if isKnown || (named >= 2 && areChosen) || (named == 1 && own.types.count < 3) {
            (self.types, note) = (types, nil)
        } else if let classes {
            self.types = classes.map { RockType(label: $0) }
            note = "the rock types are those of the network: \(classes.joined(separator: ", "))."
        } else if own.isUsable {
            self.types = own.types
            note =
                "the rock types are the folders of \(collection.name), because most are not those of the "
                + "settings: \(own.types.map(\.label).joined(separator: ", ")). To choose others, write them to "
                + "\"types:\" in \(file)."
        } else if Set(types.map(\.label)) == Set(RockType.reference.map(\.label)),
            PictureFolders(of: collection, withAnyName: true).count(of: types) == 0
        {
            (self.types, note) = ([], nil)
        } else {
            (self.types, note) = (types, nil)
        }
    }
}

extension AtlasSettings {
    /// The settings with the rock types of a collection.
    /// - Parameter narrator: is told when they are not those of the settings.
    func typed(for collection: Collection, classes: [String]?, _ narrator: Narrator) -> Self {
        let chosen = CollectionTypes(self, in: collection, classes: classes)
        if let note = chosen.note { narrator.warn(note) }
        var settings = self
        settings.types = chosen.types
        return settings
    }
}

extension Run {
    /// Opens the collection of a command other than `build`, and reads the settings that a build
    /// would take.
    /// - Parameters:
    ///   - classes: of the network of the command, which are its types; `nil` without one.
    ///   - workspace: `nil` for a command that caches nothing.
    func context(
        for source: CollectionSource, classes: [String]? = nil, workspace: Workspace? = nil
    ) throws -> (context: BuildContext, collection: Collection) {
        let collection = try Collection.open(source.paths)
        var settings = try BuildSources.settings(in: source.content, likeness: likenessModels)
        if let classes {
            settings.types = classes.map { RockType(label: $0) }
        } else {
            settings = settings.typed(for: collection, classes: nil, narrator)
        }
        if let split = source.split { settings.split = split }
        return (BuildContext(self, settings: settings, workspace: workspace), collection)
    }

    /// Opens and reads a collection for a command that caches nothing.
    func load(_ source: CollectionSource, classes: [String]? = nil) throws -> LoadedCollection {
        var (context, collection) = try self.context(for: source, classes: classes)
        return try context.load(CollectionRequest(source), from: collection)
    }

    /// As above for a command that needs the split of a build: pictures that belong together are found
    /// first.
    func loadGrouped(_ source: CollectionSource, classes: [String]? = nil) throws
        -> LoadedCollection
    {
        var (context, collection) = try self.context(for: source, classes: classes)
        return try context.grouped(context.load(CollectionRequest(source), from: collection))
    }
}
