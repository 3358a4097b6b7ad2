import AtlasModel
import Statistics
import Templates

extension Pages {
    /// `index.html`: the types as strata, the search, and what else there is.
    func frontPage(searchData: String) throws -> File {
        let edition = layout.edition
        let types = layout.plates.count { $0.type != nil && !$0.members.isEmpty }
        let values: Value = [
            "heading": .text(Self.heading(types: types, pictures: edition.images.count)),
            "example": .text(edition.images.first.map { example($0) } ?? ""),
            "strata": .list(layout.plates.map(stratum)),
            "contents": .list(contents),
        ]
        return try page(
            .index, path: "index.html", title: "Plates", values, scripts: [searchData])
    }

    /// `Six rock types in 26,398 pictures`.
    /// - Parameter types: that have a picture; without one, pictures alone are named.
    static func heading(types: Int, pictures: Int) -> String {
        let pictures = Figures.pictures(pictures)
        if types == 0 { return pictures }
        return Figures.word(types).capitalizedFirst
            + (types == 1 ? " rock type in " : " rock types in ") + pictures
    }

    private func example(_ image: ImageRecord) -> String {
        image.label.map { edition.rockTypes[$0].label + " " + image.stem } ?? image.stem
    }

    private func stratum(_ plate: Layout.Plate) -> Value {
        let agreement = plate.type.map {
            Agreement(edition, type: $0, members: plate.members).sentence
        }
        return [
            "sign": layout.signs[plate.type].value,
            "href": .text(plate.pages[0].path),
            "plate": .text(plate.type == nil ? "" : "Plate \(Figures.roman(plate.number))"),
            "count": .text(Figures.pictures(plate.members.count)),
            "agreement": .text(agreement ?? ""),
            "band": .text(plate.band?.path ?? ""),
        ]
    }

    /// The row below the column.
    private var contents: [Value] {
        var rows: [Value] = []
        if let review = review {
            let count = Figures.counted(review.comparisons.count, "comparison", "comparisons")
            rows.append(
                row(
                    "Review", "review.html",
                    "Judge which model finds the better look-alikes. \(count) to look at, "
                        + Self.turnout(edition.votes) + ".", trial: review.trial))
        }
        let test = edition.classifier.test
        let accuracy = test.accuracy.map {
            "\(edition.classifier.name) names \(Figures.share($0)) of \(Figures.pictures(test.count)) "
                + "it has not learned from as they are labelled."
        }
        rows.append(row("Models", "models.html", accuracy ?? "How the types were predicted."))
        rows.append(row("Disputed labels", "disputed.html", DisputedText(layout).brief))
        rows.append(row("Errata", "errata.html", ErrataList(edition).sentence))
        rows += texts.pages.map { page in
            let about = "What this atlas is, and how to read it."
            return row(page.title, page.path, page.name == "about" ? about : page.text.signature)
        }
        return rows
    }

    /// `34 votes by 2 geologists so far`; what they preferred stays hidden while they vote.
    static func turnout(_ votes: VoteSummary?) -> String {
        guard let votes else { return "no votes handed in yet" }
        return Figures.counted(votes.total.votes, "vote", "votes") + " by "
            + Figures.counted(votes.reviewers, "geologist", "geologists") + " so far"
    }

    /// - Parameter trial: the running trial, whose votes in this browser a script tells.
    private func row(_ title: String, _ path: String, _ text: String, trial: String = "") -> Value {
        ["title": .text(title), "href": .text(path), "text": .text(text), "trial": .text(trial)]
    }
}

extension String {
    /// With a small letter at its beginning, for use inside a sentence.
    var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
