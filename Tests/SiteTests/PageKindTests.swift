import AtlasModel
import Parallel
import Testing

@testable import Site

/// The table of page kinds describes each kind correctly.
@Suite struct PageKindTests {
    private func pages(_ edition: Edition) throws -> Pages { try TinyEdition.site(edition).pages }

    @Test(arguments: [true, false])
    func `A kind makes the pages that it says it has`(hasAll: Bool) throws {
        let pages = try pages(
            TinyEdition.edition(reviewed: hasAll, scenes: hasAll ? TinyEdition.scenes : []))
        for kind in PageKind.all {
            let paths = kind.paths(pages.contents)
            let made =
                switch kind.making {
                case .together(let make): try make(pages, Workers(2)).files
                case .each(let make, _, _): try paths.indices.map { try make(pages, $0) }
                }
            #expect(made.map(\.path).filter { $0.hasSuffix(".html") } == paths, "\(kind.name)")
        }
    }

    @Test func `No two kinds share a name`() {
        let names = PageKind.all.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test func `The navigation leads to what there is`() throws {
        func links(_ edition: Edition) throws -> [String] {
            let contents = try pages(edition).contents
            return PageKind.all.flatMap { $0.links(contents) }.map { "\($0.title) \($0.path)" }
        }
        let all = [
            "Plates index.html", "Review review.html", "Results results.html", "Models models.html",
            "Disputed disputed.html", "Errata errata.html", "About about.html",
        ]
        #expect(try links(TinyEdition.edition()) == all)
        #expect(
            try links(TinyEdition.edition(reviewed: false)) == all.filter { !$0.hasPrefix("R") })
        let withMap: [String] = [all[0], "Map map.html"] + all.dropFirst()
        #expect(try links(TinyEdition.edition().with(map: TinyEdition.map)) == withMap)
        #expect(
            try links(TinyEdition.edition(scenes: TinyEdition.scenes))
                == all[..<4] + ["Scenes scenes.html"] + all[4...])
    }

    @Test func `A label that is called like a page gets another folder`() {
        for name in PageKind.single.map(\.name) {
            let folder = AtlasPaths(keys: [], labels: [name]).folder(of: name)
            #expect(folder.hasPrefix(name + "-"))
        }
    }
}
