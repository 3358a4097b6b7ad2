import AtlasModel
import Foundation
import Parallel
import Similarity
import Testing

@Suite("The table of likeness models")
struct LikenessTableTests {
    private let table = LikenessTable.standard

    @Test("Models are found by their ids, the first two being the default pair")
    func models() {
        #expect(
            table.models.map(\.id) == [
                "kmeans", "pairwise", "kmeans-embedding", "embedding", "kmeans-texture", "texture",
                "ground",
            ])
        #expect(table.defaultPair == [.kmeans, .pairwise])
        #expect(table["embedding"] == .embedding)
        #expect(table["zebra"] == nil)
    }

    @Test("Models of one view share a pass, in the order of the table")
    func passes() {
        let all = table.passes(for: [.embedding, .pairwise, .kmeans])
        #expect(all.map(\.models) == [[.kmeans, .pairwise], [.embedding]])
        #expect(all.map(\.needsClusters) == [true, false])
        #expect(all.map(\.view.needsNetwork) == [false, true])
        let features = table.passes(for: [.texture, .kmeansTexture])
        #expect(features.map(\.models) == [[.kmeansTexture, .texture]])
        #expect(features.map(\.comparesFeatures) == [true])
        let one = table.passes(for: [.pairwise])
        #expect(one.map(\.models) == [[.pairwise]])
        #expect(one.map(\.needsClusters) == [false])
    }

    @Test("Files hold the id of a model, and a reader names the models it knows")
    func coding() throws {
        let data = try JSONEncoder().encode([LikenessModel.pairwise, .kmeans])
        #expect(String(decoding: data, as: UTF8.self) == #"["pairwise","kmeans"]"#)
        let decoder = JSONDecoder()
        decoder.userInfo[.likenessModels] = table.models
        let models = try decoder.decode([LikenessModel].self, from: data)
        #expect(models.map(\.title) == ["Pairwise", "K-Means"])
        decoder.userInfo[.likenessModels] = [LikenessModel.kmeans]
        #expect(throws: DecodingError.self) {
            try decoder.decode([LikenessModel].self, from: data)
        }
    }

    @Test("A table refuses ids that files cannot hold, and a scope that the view does not search")
    func refused() async {
        await #expect(processExitsWith: .failure) {
            _ = LikenessTable([.named("keys"), .named("a")])
        }
        await #expect(processExitsWith: .failure) {
            _ = LikenessTable([.named("a/b"), .named("a")])
        }
        await #expect(processExitsWith: .failure) { _ = LikenessTable([.named("a"), .named("a")]) }
        await #expect(processExitsWith: .failure) { _ = LikenessTable([.named("a")]) }
        await #expect(processExitsWith: .failure) {
            _ = LikenessTable([.named("a"), .named("b", scope: .cluster)])
        }
        await #expect(processExitsWith: .failure) {
            _ = LikenessTable([.named("a-"), .named("a")])
        }
        await #expect(processExitsWith: .success) { _ = LikenessTable([.named("a"), .named("b")]) }
    }
}

extension LikenessEntry {
    /// A model of a view that only supports the whole collection. It finds nothing.
    fileprivate static func named(_ id: String, scope: LikenessScope = .collection)
        -> LikenessEntry
    {
        LikenessEntry(
            LikenessModel(
                id: id, title: id,
                view: LikenessView(id: "none", measure: .other(""), entry: "n.h5"),
                scope: scope,
                words: LikenessWords(panel: { _ in "" }, choice: { _ in "" }, colophon: ""))
        ) { _ in EmptySearch() }
    }
}

private struct EmptySearch: TargetSearch {
    func neighbours(
        of share: Share, top: Int, workers: Workers, progress: ProgressReport?
    ) -> FoundTargets { [:] }

    func targets(
        of asked: LikenessCandidates, excluding: @Sendable (Int) -> Int?, top: Int, workers: Workers
    ) -> FoundTargets { [:] }
}
